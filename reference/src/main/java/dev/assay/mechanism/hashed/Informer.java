package dev.assay.mechanism.hashed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LastRow;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * ProbSparse attention: a sample of keys tells which queries have a peaked softmax; those few
 * attend to every key, the lazy rest gives a plain average of the values: Zhou et al., "Informer:
 * beyond efficient transformer for long sequence time-series forecasting" (2021).
 *
 * <p>Cost: O(n ln n (d + d_v)) time for each head.
 */
public record Informer(
    @Setting(value = "c: queries and sampled keys are c ceil(ln n); at least 1.", by = "5")
        int factor,
    @Setting(value = "What the sum of sampled logits is divided by.", by = "KEYS") Measure measure,
    @Setting(value = "From which keys a query's sample is drawn.", by = "ALL") Sample sample,
    @Setting(value = "What a lazy query gives.", by = "UPSTREAM") Lazy lazy,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale,
    @Setting(value = "Which keys are drawn, if none are given.", by = "0") int seed)
    implements Mechanism {

  /** The divisor in {@code M_i = max - sum / divisor} over the sampled q_i . k. */
  public enum Measure {
    /** n_k, as the published code has it: the mean is too small by the share that was sampled. */
    KEYS,
    /** The size of the sample: max minus mean, as the formula has it. */
    SAMPLE
  }

  /** Keys that may be drawn, with replacement. */
  public enum Sample {
    /** Any: with causality the choice of queries sees the future. */
    ALL,
    /** If causal, those up to the query. */
    VISIBLE
  }

  /** The value of a query that was not chosen. */
  public enum Lazy {
    /** The mean of all values; with causality their sum up to the query, not their mean. */
    UPSTREAM,
    /** The mean of all values; with causality of those up to the query. */
    MEAN
  }

  /** Checks the numbers. */
  public Informer {
    Require.positive(factor, "factor");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return InformerCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "sampled",
            "[n_q, any]",
            "Sampled keys of each query, for all batch entries and heads, instead of drawing them;"
                + " -1 for none."),
        Given.choice("idx", "[B, H, u]", "Queries that attend, instead of measuring; -1 for none."),
        Given.Q_LENS,
        Given.K_LENS);
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
    PeakedQueries peaked = peaked(inputs, problem);
    Operands operands = new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), null);
    Tensor attending = peaked.attending(problem);
    Var attended = softmax.attend(problem, operands, listed(problem, attending).pairs()).out();
    return new Answer(
        Ops.add(attended, lazyRows(problem, attending, inputs.var("v"))),
        null,
        peaked.choices(),
        peaked.margin());
  }

  /** Every key for the queries that attend, none for the others. */
  private static CountedKeys listed(AttentionProblem problem, Tensor attending) {
    CountedKeys.Builder lists = new CountedKeys.Builder(problem.lseShape(), problem.keys());
    for (int row = 0; row < attending.size(); row++) {
      for (int j = 0; attending.get(row) != 0 && j < problem.keys(); j++) {
        lists.add(j);
      }
      lists.endRow(true);
    }
    return lists.build();
  }

  /** Mean or sum of the admissible values in the rows of lazy queries, 0 in the others. */
  private Var lazyRows(AttentionProblem problem, Tensor attending, Var v) {
    Var values = Ops.select(v, KeepMask.where(v.shape(), x -> x[2] < problem.keyLength(x[0])));
    Var rows = Softmax.perQueryHead(sums(values), problem.heads());
    Shape out = problem.outShape();
    if (!causal || lazy == Lazy.MEAN) {
      Shape counts = rows.shape().with(1, 1).with(3, 1);
      Tensor shares =
          Tensor.generate(
              counts,
              p -> {
                int[] x = counts.index(p);
                int keys = problem.keyLength(x[0]);
                return 1.0 / Math.max(1, causal ? Math.min(x[2] + 1, keys) : keys);
              });
      rows = Ops.mul(rows, Ops.constant(v.tape(), shares));
    }
    int channels = out.extent(3);
    Tensor lazyOnes =
        Tensor.generate(
            out,
            p -> {
              int row = p / channels;
              int b = row / problem.queries() / problem.heads();
              boolean valid = row % problem.queries() < problem.queryLength(b);
              return valid && attending.get(row) == 0 ? 1 : 0;
            });
    return Ops.select(Ops.broadcast(rows, out), lazyOnes);
  }

  /** The sum over all tokens, or with causality over those up to each, by doubling steps. */
  private Var sums(Var values) {
    if (!causal) {
      return Ops.sum(values, 2);
    }
    int n = values.shape().extent(2);
    Var sums = values;
    for (int step = 1; step < n; step *= 2) {
      sums = Ops.add(sums, Ops.slice(Ops.pad(sums, 2, step, 0), 2, 0, n));
    }
    return sums;
  }

  private AttentionProblem problem(Inputs inputs) {
    AttentionProblem built = Given.problem(inputs).causal(causal).givenScale(scale).build();
    for (int b = 0; b < built.batches() && causal; b++) {
      Require.argument(
          built.queries() == built.keys() && built.offset(b) == 0,
          "batch entry %d has %d queries and %d keys: a causal average needs as many of both",
          b,
          built.queryLength(b),
          built.keyLength(b));
    }
    return built;
  }

  private PeakedQueries peaked(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.value("idx");
    if (given != null) {
      return PeakedQueries.given(given, problem);
    }
    Tensor sampled = inputs.value("sampled");
    Tensor keys =
        sampled == null ? SampledKeys.draw(this, problem) : SampledKeys.given(sampled, problem);
    return PeakedQueries.measure(this, problem, keys);
  }

  /** {@code min(c max(1, ceil(ln n)), n)}: 0 of 0, 1 of 1. */
  int some(int n) {
    // At least 1: the logarithm of 1 would leave a single query without attention.
    long wanted = (long) factor * Math.max(1, (long) Math.ceil(StrictMath.log(Math.max(1, n))));
    return (int) Math.min(wanted, n);
  }

  @Override
  public String leak() {
    return causal ? "the queries that attend are the best of the whole sequence" : "";
  }

  @Override
  public List<Case> cases() {
    return InformerCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    PeakedQueries peaked = peaked(inputs, problem);
    Tensor attending = peaked.attending(problem);
    Tensor sampled = peaked.choices().get("sampled");
    LastRow<double[]> measures =
        new LastRow<>(
            (b, h, _) ->
                PeakedQueries.measures(this, problem, Objects.requireNonNull(sampled), b, h));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      String why = sampled == null ? "" : ", " + BestScores.place(measures.of(b, h, 0), i);
      return attending.at(b, h, i) != 0
          ? "peaked query: meets every key" + why
          : "lazy query: an average" + why;
    };
  }
}
