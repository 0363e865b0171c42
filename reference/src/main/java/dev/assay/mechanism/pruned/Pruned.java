package dev.assay.mechanism.pruned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * What a selection left of the pairs. It is a constant: no gradient flows into the selection.
 *
 * @param pairs the pairs that stay
 * @param choices what was chosen, by name
 * @param margin how near the selection came to another
 */
record Pruned(Pairs pairs, Map<String, Tensor> choices, double margin) {
  /** Kept blocks, given back as block_mask. */
  static Pruned blocks(AttentionProblem problem, BlockTables tables, Margin margin) {
    return new Pruned(
        tables.pairs(problem), Map.of("block_mask", tables.tensor(problem)), margin.nearest());
  }

  /** The problem over q, k and v with the optional tensors that were given. */
  static AttentionProblem problem(Inputs inputs, boolean causal, double scale) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  /** A causal problem whose queries and keys are the same tokens. */
  static AttentionProblem prefill(Inputs inputs, double scale) {
    AttentionProblem problem = problem(inputs, true, scale);
    Require.argument(
        problem.queries() == problem.keys(),
        "%d queries came with %d keys: a prefill has the same tokens on both sides",
        problem.queries(),
        problem.keys());
    for (int b = 0; b < problem.batches(); b++) {
      Require.argument(
          problem.queryLength(b) == problem.keyLength(b),
          "batch entry %d has %d valid queries and %d valid keys: a prefill has the same tokens on"
              + " both sides",
          b,
          problem.queryLength(b),
          problem.keyLength(b));
    }
    return problem;
  }

  /** One softmax over what is left. */
  Answer attend(Softmax softmax, AttentionProblem problem, Inputs inputs) {
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), null);
    Answer attended = softmax.attend(problem, operands, pairs);
    return new Answer(attended.out(), attended.lse(), choices, margin);
  }
}
