package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.learned.AdaptiveSparseBlock.Gradient;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention under the gate of an {@link AdaptiveSparseBlock}, in each of its modulators.
 *
 * @param block how the gate acts
 * @param inputs queries, keys and values
 * @param problem which pairs may exist
 * @param gate scores of blocks
 * @param safe blocks that are met whatever the scores say
 */
record BlockModulation(
    AdaptiveSparseBlock block,
    Inputs inputs,
    AttentionProblem problem,
    BlockGate gate,
    Tensor safe) {
  private static final double SOFT_FLOOR = 1e-6;

  /** Output and LSE; L_MULT has no plan and asks no engine. */
  Answer attend(Tensor blocks, Softmax softmax) {
    return switch (block.modulator()) {
      case BINARY -> binary(blocks, softmax);
      case SOFT_LOG -> soft(softmax);
      case L_MULT -> multiplied();
    };
  }

  private Answer binary(Tensor blocks, Softmax softmax) {
    int size = block.size();
    KeepMask.Rule rule = (b, h, i, j) -> blocks.at(b, h, i / size, j / size) != 0;
    Pairs pairs =
        new Pairs(rule, SparsePattern.blocks(blocks, size, problem.queries(), problem.keys()));
    Answer hard = softmax.attend(problem, operands(null), pairs);
    if (block.gradient() == Gradient.DETACH) {
      return hard;
    }
    ScorePlane tokens = tokens();
    return Weights.through(
        hard,
        tokens.scores(),
        inputs.var("v"),
        KeepMask.of(problem, rule),
        tokens.admissible(),
        spread(safe));
  }

  private Answer soft(Softmax softmax) {
    Var bias = Ops.log(Ops.shift(spread(safe), SOFT_FLOOR));
    AttentionProblem biased =
        problem.with(problem.q(), problem.k(), problem.v(), bias.value()).build();
    Pairs all = new Pairs((b, h, i, j) -> true, new DensePlan());
    return softmax.attend(biased, operands(bias), all);
  }

  /** The literal modulator spares dense heads alone. */
  private Answer multiplied() {
    Tensor dense = KeepMask.where(safe.shape(), x -> safe.at(x) != 0 && x[1] < block.denseHeads());
    ScorePlane tokens = tokens();
    Weights weights = Weights.of(Ops.mul(tokens.scores(), spread(dense)), tokens.admissible());
    return Answer.of(weights.times(inputs.var("v")), weights.lse());
  }

  /** The soft gate of every pair of tokens, 1 in the blocks that are given. */
  private Var spread(Tensor fixed) {
    return SparsePattern.spread(gate.soft(block, fixed), block.size(), problem);
  }

  private ScorePlane tokens() {
    return ScorePlane.tokens(problem, inputs.var("q"), inputs.var("k"));
  }

  private Operands operands(@Nullable Var bias) {
    return new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), bias);
  }
}
