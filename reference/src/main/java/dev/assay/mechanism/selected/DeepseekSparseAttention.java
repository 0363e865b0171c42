package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Distillation;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LastRow;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Taught;
import dev.assay.mechanism.Teacher;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A lightning indexer of a few small heads scores every key for every query, and all heads of the
 * attention meet the k best: DeepSeek-AI, "DeepSeek-V3.2-Exp: Boosting long-context efficiency with
 * DeepSeek sparse attention" (2025). The choice has no gradient; {@link #loss} trains the indexer.
 *
 * <p>Cost: O(n^2 H_I d_I) for the indexer, O(n k (d + d_v)) for the attention.
 */
public record DeepseekSparseAttention(
    @Setting(value = "k: keys that a query meets; at least 1. The paper has 2048.", by = "16")
        int topK,
    @Setting(value = "How the indexer turns queries and keys.", by = "HALF") GateRope rope,
    @Setting(value = "First channels of the indexer that are turned; 0 for half of them.", by = "0")
        int ropeDim,
    @Setting(value = "Base of the indexer's rotary frequencies.", by = "10000") double theta,
    @Setting(value = "Excludes keys after the query's position.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism, Taught {

  /** On which keys the indexer is compared with the attention. */
  public enum Stage {
    /** Warm-up: on all keys that a query may meet. */
    DENSE,
    /** Afterwards: on the selected keys, of which both are renormalised. */
    SPARSE
  }

  /** Checks the numbers. */
  public DeepseekSparseAttention {
    Require.positive(topK, "topK");
    Ranges.rotary(theta, ropeDim);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return DeepseekSparseAttentionCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "q_index", "[B, H_I, n_q, d_I]", Kind.INPUT, true, "Queries of the indexer's heads."),
        new TensorSpec(
            "k_index", "[B, 1, n_k, d_I]", Kind.INPUT, true, "Keys that its heads share."),
        new TensorSpec("w_index", "[B, H_I, n_q]", Kind.INPUT, true, "Weights of its heads."),
        Given.choice(
            "idx",
            "[B|1, 1, n_q, any]",
            "Keys that each query meets, instead of choosing them; -1 for none."),
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

  private Selection selection(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.value("idx");
    LightningIndexer indexer = new LightningIndexer(this, GateLayer.apart(this, inputs), problem);
    return given == null
        ? indexer.choose(indexer.scores().value())
        : Selection.given(given, indexer.rows(), 1, new KeyBlocks(problem, 1));
  }

  /**
   * The scores {@code I_ts = sum_j w_tj relu(q_tj . k_s) / sqrt(H_I d_I)}, [B, 1, n_q, n_k], on the
   * tape of the inputs; 0 where a query may not meet a key.
   */
  public Var scores(Inputs inputs) {
    return new LightningIndexer(this, inputs, problem(inputs)).scores();
  }

  /**
   * What the indexer is taught, [B, 1, n_q, n_k]: the weights of dense attention summed over its
   * heads, as shares of a row.
   */
  public Tensor target(Inputs inputs) {
    return new LightningIndexer(this, inputs, problem(inputs)).target();
  }

  /** The divergence of the indexer from {@link #target}, a scalar on the tape of the inputs. */
  public Var loss(Inputs inputs, Stage stage, Distillation distillation) {
    AttentionProblem problem = problem(inputs);
    LightningIndexer indexer = new LightningIndexer(this, inputs, problem);
    if (stage == Stage.DENSE) {
      return distillation.kl(indexer.scores(), indexer.target(), indexer.keep());
    }
    Tensor selected = indexer.selected(selection(inputs, problem));
    return distillation.kl(
        indexer.scores(), Teacher.restricted(indexer.target(), selected, 0), selected);
  }

  @Override
  public Map<String, Function<Inputs, Var>> asides() {
    return Map.of("scores", this::scores);
  }

  /** The divergence over all keys that a query may meet, as a mean over rows. */
  @Override
  public Var lesson(Inputs inputs) {
    return loss(inputs, Stage.DENSE, Distillation.BY_ROWS);
  }

  @Override
  public List<Case> cases() {
    return DeepseekSparseAttentionCases.all();
  }

  /** Four indexer heads of the attention's depth. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int n = example.tokens();
    int d = example.depth();
    tensors.put("q_index", example.draw("q_index", Shape.of(1, 4, n, d), CaseBuilder.UNIT));
    tensors.put("k_index", example.draw("k_index", Shape.of(1, 1, n, d), CaseBuilder.UNIT));
    tensors.put("w_index", example.draw("w_index", Shape.of(1, 4, n), CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Selection selection = selection(inputs, problem);
    LightningIndexer indexer = new LightningIndexer(this, GateLayer.apart(this, inputs), problem);
    Tensor scores = indexer.scores().value();
    LastRow<double[]> rows = new LastRow<>((b, h, i) -> indexer.candidates(scores, b, i));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !selection.has(b, h, i, j, problem.heads())) {
        return NOT_ATTENDED;
      }
      return inputs.has("idx")
          ? "indexed key"
          : "indexed key: " + BestScores.place(rows.of(b, 0, i), j);
    };
  }
}
