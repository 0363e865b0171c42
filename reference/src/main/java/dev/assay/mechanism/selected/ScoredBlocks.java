package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A row of queries meets the blocks of keys with the k highest of given scores: what block routing,
 * token selection and the like do once their gates have spoken.
 *
 * <p>Cost: O(R N) for R rows and N blocks, O(n k b (d + d_v)) for the attention.
 */
public record ScoredBlocks(
    @Setting(value = "Queries in a row, which share a list; at least 1.", by = "1") int blockQ,
    @Setting(value = "b: keys in a block; 1 chooses single keys.", by = "8") int blockK,
    @Setting(value = "k: blocks that a row meets, forced ones included; at least 1.", by = "3")
        int topK,
    @Setting(value = "Excludes later keys, and blocks that hold only such.", by = "false")
        boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {
  /** Checks the numbers. */
  public ScoredBlocks {
    Require.positive(blockQ, "blockQ");
    Require.positive(blockK, "blockK");
    Require.positive(topK, "topK");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return ScoredBlocksCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "scores",
            "[B, G, R, N]",
            TensorSpec.Kind.CHOICE,
            true,
            "Scores of the N blocks for each of the R rows of queries; G is 1, H_kv or H. -inf is"
                + " never chosen."),
        Given.choice("forced", "[B|1, G|1, R|1, N]", "1 takes a block whatever its score."),
        Given.choice(
            "idx",
            "[B|1, G|1, R, any]",
            "Blocks that each row meets, instead of choosing them; -1 for none."),
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    Operands operands = new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), null);
    return selection(inputs, problem).attend(problem, operands, softmax);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  private ScoreTable table(Inputs inputs, AttentionProblem problem) {
    return new ScoreTable(
        inputs.var("scores").value(),
        inputs.value("forced"),
        new KeyBlocks(problem, blockK),
        blockQ,
        causal);
  }

  private Selection selection(Inputs inputs, AttentionProblem problem) {
    ScoreTable table = table(inputs, problem);
    Tensor given = inputs.value("idx");
    return given == null
        ? table.choose(topK)
        : Selection.given(given, table.rows(), blockQ, new KeyBlocks(problem, blockK));
  }

  @Override
  public Optional<RankedChoice> ranked(Inputs inputs) {
    return inputs.has("idx")
        ? Optional.empty()
        : Optional.of(table(inputs, problem(inputs)).ranked(topK));
  }

  @Override
  public List<Case> cases() {
    return ScoredBlocksCases.all();
  }

  /** Scores are drawn, one for each query and block. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int rows = Math.ceilDiv(example.tokens(), blockQ);
    int blocks = Math.ceilDiv(example.tokens(), blockK);
    Shape shape = Shape.of(1, example.heads(), rows, blocks);
    tensors.put("scores", example.draw("scores", shape, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Selection selection = selection(inputs, problem);
    ScoreTable table = table(inputs, problem);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !selection.has(b, h, i, j, problem.heads())) {
        return NOT_ATTENDED;
      }
      if (inputs.has("idx")) {
        return "given block: " + j / blockK;
      }
      int group = h / (problem.heads() / table.rows().extent(1));
      double[] scores = table.row(b, group, i / blockQ);
      return scores[j / blockK] == Double.NEGATIVE_INFINITY
          ? "forced block: " + j / blockK
          : "chosen block: " + j / blockK + ", " + BestScores.place(scores, j / blockK);
    };
  }
}
