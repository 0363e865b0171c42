package dev.assay.mechanism.hashed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens are hashed so that alike ones fall into one bucket, sorted by bucket, and cut into chunks;
 * a token meets its own chunk and the one before, in every round of hashing: Kitaev, Kaiser and
 * Levskaya, "Reformer: the efficient transformer" (2020). Queries and keys are one tensor.
 *
 * <pre>
 * bucket_r(i) = argmax [q_i R_r ; -q_i R_r]        khat_j = q_j / sqrt(mean q_j^2 + 1e-6)
 * s_ij = q_i . khat_j / sqrt(d)                    out_i = sum_r exp(L_ir - L_i) o_ir
 * </pre>
 *
 * <p>with o_ir and L_ir the attention of round r and its log-sum-exp, L_i that of all L_ir.
 *
 * <p>Cost: O(R n c (d + d_v)) time for each head, with R rounds and chunks of c.
 */
public record Reformer(
    @Setting(value = "Tokens in a chunk; at least 1.", by = "16") int chunk,
    @Setting(value = "Rounds of hashing; at least 1.", by = "2") int rounds,
    @Setting(value = "Buckets of a round, even; 0 for 2 floor(n / chunk), at least 2.", by = "0")
        int buckets,
    @Setting(
            value = "Buckets of a second hash, even: bucket h0 + buckets h1; 0 for one hash.",
            by = "0")
        int secondBuckets,
    @Setting(value = "Chunks before its own that a chunk meets; at least 0.", by = "1") int before,
    @Setting(value = "Chunks after its own that a chunk meets; at least 0.", by = "0") int after,
    @Setting(
            value = "Chunks follow each other in a circle through all rounds, else in each round.",
            by = "true")
        boolean circular,
    @Setting(value = "A token also meets tokens of its chunks in other buckets.", by = "true")
        boolean acrossBuckets,
    @Setting(value = "What a key weighs that is met more than once.", by = "COUNTED")
        Duplicates duplicates,
    @Setting(value = "Whether a token meets itself.", by = "LAST_RESORT") Itself itself,
    @Setting(value = "How a query becomes a key.", by = "RMS") Norm norm,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale,
    @Setting(value = "Which rotations are drawn, if none are given.", by = "0") int seed)
    implements Mechanism {

  /** The weight of a key that a query meets in several rounds, or twice in one. */
  public enum Duplicates {
    /** As often as it is met: what joining the rounds by their LSE comes to. */
    COUNTED,
    /** Once: the formula of the text, one softmax over the union. */
    ONCE,
    /**
     * As often as it is met, divided by the rounds whose chunks say so plus 1e-9. A key that is met
     * only across the border of two rounds counts in no round, and weighs 1e9 times.
     */
    LUCIDRAINS
  }

  /** Whether a token is among its own keys. */
  public enum Itself {
    /** Only where it meets nothing else: the limit of a logit of -1e5. */
    LAST_RESORT,
    /** As any other token. */
    LIKE_OTHERS
  }

  /** How a query becomes a key, before 1/sqrt(d). */
  public enum Norm {
    /** {@code x / sqrt(mean(x^2) + 1e-6)}: the logit is near |q| cos. */
    RMS,
    /** {@code x / max(|x|, 1e-12)}: the logit is |q| cos / sqrt(d). */
    UNIT
  }

  /** Checks the sizes. */
  public Reformer {
    Require.positive(chunk, "chunk");
    Require.positive(rounds, "rounds");
    Require.notNegative(before, "before");
    Require.notNegative(after, "after");
    Require.argument(
        buckets >= 0 && buckets % 2 == 0,
        "buckets is %d: it must be even, or 0 for 2 floor(n / chunk)",
        buckets);
    Require.argument(
        secondBuckets >= 0 && secondBuckets % 2 == 0,
        "secondBuckets is %d: it must be even, or 0 for one hash",
        secondBuckets);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return ReformerCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return List.of(
        new TensorSpec("q", "[B, H, n, d]", Kind.INPUT, true, "Queries, and keys once normalised."),
        new TensorSpec("v", "[B, H, n, d_v]", Kind.INPUT, true, "Values."),
        Given.choice(
            "rotations",
            "[H|1, d, rounds, (buckets + secondBuckets) / 2]",
            "Directions that tokens are hashed by, instead of drawing them."),
        Given.choice(
            "buckets",
            "[B, H, rounds, n]",
            "The bucket of each token in each round, instead of hashing."),
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
    Var q = inputs.var("q");
    Var v = inputs.var("v");
    Var k = keys(valid(q, lengths(inputs, q)));
    LshBuckets hashed = hashed(inputs);
    SortedChunks sorted = new SortedChunks(this, hashed.of(), lengths(inputs, q));
    Var bias = duplicates == Duplicates.LUCIDRAINS ? Ops.constant(q.tape(), sorted.bias()) : null;
    Answer attended =
        softmax.attend(
            problem(inputs, q, k, v, bias), new Operands(q, k, v, bias), sorted.met().pairs());
    return new Answer(attended.out(), attended.lse(), hashed.choices(), hashed.margin());
  }

  private AttentionProblem problem(Inputs inputs, Var q, Var k, Var v, @Nullable Var bias) {
    Require.argument(
        v.shape().rank() == 4 && v.shape().extent(1) == q.shape().extent(1),
        "v has shape %s: as many heads as the %d of q are needed",
        v.shape(),
        q.shape().extent(1));
    int[] lengths = lengths(inputs, q);
    return AttentionProblem.of(q.value(), k.value(), v.value())
        .queryLengths(lengths)
        .keyLengths(lengths)
        .bias(bias == null ? null : bias.value())
        .givenScale(scale)
        .build();
  }

  /** Valid tokens of each batch entry. */
  private static int[] lengths(Inputs inputs, Var q) {
    Require.argument(q.shape().rank() == 4, "q has shape %s: [B, H, n, d] is needed", q.shape());
    int[] given = inputs.integers("k_lens");
    int[] lengths = given == null ? new int[q.shape().extent(0)] : given;
    if (given == null) {
      Arrays.fill(lengths, q.shape().extent(2));
    }
    Require.argument(
        lengths.length == q.shape().extent(0),
        "k_lens has %d entries for a batch of %d",
        lengths.length,
        q.shape().extent(0));
    for (int length : lengths) {
      Require.argument(
          length >= 0 && length <= q.shape().extent(2),
          "k_lens holds %d: it must lie in 0..%d",
          length,
          q.shape().extent(2));
    }
    return lengths;
  }

  /** Zeros behind the lengths: what lies there must reach no norm. */
  private static Var valid(Var q, int[] lengths) {
    return Ops.select(q, KeepMask.where(q.shape(), x -> x[2] < lengths[x[0]]));
  }

  private Var keys(Var x) {
    return norm == Norm.RMS ? Composed.rmsNorm(x, 1e-6) : UnitLength.of(x, 1e-12);
  }

  private LshBuckets hashed(Inputs inputs) {
    Var q = inputs.var("q");
    int[] lengths = lengths(inputs, q);
    Tensor given = inputs.value("buckets");
    int first = buckets > 0 ? buckets : Math.max(2, 2 * (q.shape().extent(2) / chunk));
    LshBuckets.Counts counts = new LshBuckets.Counts(rounds, first, secondBuckets);
    if (given != null) {
      return LshBuckets.given(given, counts, q.shape(), lengths);
    }
    Tensor rotations = inputs.value("rotations");
    return LshBuckets.choose(
        q.value(),
        counts,
        lengths,
        rotations == null ? LshBuckets.draw(seed, counts, q.shape()) : rotations);
  }

  @Override
  public String leak() {
    return causal
        ? "where chunks end in the sorted list depends on the buckets of later tokens"
        : "";
  }

  @Override
  public List<Case> cases() {
    return ReformerCases.all();
  }

  /** The keys of the example, which drift, are what is hashed. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    tensors.remove("k");
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    LshBuckets hashed = hashed(inputs);
    Shape shape = inputs.var("q").shape();
    SortedChunks sorted = new SortedChunks(this, hashed.of(), lengths(inputs, inputs.var("q")));
    CountedKeys met = sorted.met();
    return (b, h, i, j) -> {
      if (i >= shape.extent(2) || met.count(b, h, i, j) == 0) {
        return NOT_ATTENDED;
      }
      return i == j ? "itself" : reason(hashed.of(), b, h, i, j);
    };
  }

  private String reason(Tensor of, int b, int h, int i, int j) {
    for (int round = 0; round < rounds; round++) {
      if (of.at(b, h, round, i) == of.at(b, h, round, j)) {
        return "same bucket: %d in round %d".formatted((int) of.at(b, h, round, i), round);
      }
    }
    return "another bucket of its chunks";
  }
}
