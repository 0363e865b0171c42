package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Padding;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Anchor points in place of the hashes of locality-sensitive hashing: Bai, "Sparse attention
 * mechanisms in large language models: applications, classification, performance analysis, and
 * optimization", section 4.3, which proposes it and gives no formula.
 *
 * <p>Cost: O(n m d) time for the anchors' cosines, then O(s n c d) for chunks of c tokens, or O(n m
 * d + m^3) through landmarks.
 */
public record AnchorAttention(
    @Setting(value = "What anchors are used for.", by = "BUCKETS") Reading reading,
    @Setting(value = "Anchors at most, m.", by = "4") int anchors,
    @Setting(value = "BUCKETS: tokens in a chunk.", by = "8") int chunk,
    @Setting(value = "BUCKETS: so many nearest anchors take a token in.", by = "1") int nearest,
    @Setting(value = "BUCKETS: what a key counts that is met several times.", by = "ONCE")
        Duplicates duplicates,
    @Setting(value = "Keys are the queries at length 1, and k is not read.", by = "true")
        boolean sharedKeys,
    @Setting(value = "Excludes keys after the query's position; BUCKETS only.", by = "false")
        boolean causal,
    @Setting(value = "Rounds of k-means where no anchors are given.", by = "10") int rounds,
    @Setting(value = "Where k-means begins.", by = "1") int seed,
    @Setting(value = "Factor of q . k; 0 for 1 with shared keys, else 1/sqrt(d).", by = "0")
        double scale)
    implements Mechanism {

  private static final int INVERSE_STEPS = 6;
  private static final double NORM_GUARD = 1e-6;

  /** What anchors are used for. */
  public enum Reading {
    /**
     * Precise: an anchor's bucket takes the place of a hash bucket; sorted tokens attend within
     * chunks.
     */
    BUCKETS,
    /**
     * The anchors stand for their tokens: means of each bucket's queries and keys are the landmarks
     * of {@link Nystromformer}.
     */
    LANDMARKS
  }

  /** What a key counts that a query meets in several rounds. */
  public enum Duplicates {
    /** Once: a softmax over the union. */
    ONCE,
    /** As often as it is met, as code for hashing does by default. */
    COUNTED
  }

  /** Checks the numbers. */
  public AnchorAttention {
    Require.positive(anchors, "anchors");
    Require.positive(chunk, "chunk");
    Require.positive(nearest, "nearest");
    Require.notNegative(rounds, "rounds");
    Ranges.scale(scale);
    Require.argument(
        reading == Reading.BUCKETS || !causal,
        "causal has no meaning with reading=LANDMARKS: a landmark is a mean over the sequence");
    Require.argument(
        nearest <= anchors,
        "nearest is %d of %d anchors: it must not be more than there are",
        nearest,
        anchors);
  }

  @Override
  public Card card() {
    return AnchorAttentionCard.CARD;
  }

  @Override
  public String leak() {
    return causal ? "which tokens share a chunk depends on the whole sequence" : "";
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "anchors", "[B|1, H, m, d]", "The anchors, instead of finding them by k-means."),
        Given.choice(
            "buckets", "[B, H, s, n]", "The nearest anchors of each query, instead of looking."),
        Given.choice("key_buckets", "[B, H, s, n]", "The same of each key, without shared keys."),
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
    Operands given = operands(inputs, problem);
    Chosen chosen = chosen(inputs, problem, given);
    Answer attended;
    if (reading == Reading.LANDMARKS) {
      Tensor means = chosen.queries().means(anchors);
      Tensor keyMeans = chosen.keys().means(anchors);
      Var out =
          new Nystrom(problem, means, keyMeans, false)
              .attend(
                  given, softmax, new PseudoInverse(PseudoInverse.Start.PER_MATRIX, INVERSE_STEPS));
      attended = Answer.of(out, null);
    } else {
      attended = softmax.attend(problem, given, met(problem, chosen).pairs());
    }
    return new Answer(attended.out(), attended.lse(), chosen.choices(), chosen.margin());
  }

  /** q, the keys that it meets and v, of H heads each, with 0 behind the lengths. */
  private Operands operands(Inputs inputs, AttentionProblem problem) {
    int heads = problem.heads();
    Var q = Padding.queries(inputs.var("q"), problem);
    Var k = sharedKeys ? unit(q) : Softmax.perQueryHead(inputs.var("k"), heads);
    Var v = Softmax.perQueryHead(inputs.var("v"), heads);
    return new Operands(q, Padding.keys(k, problem), Padding.keys(v, problem), null);
  }

  /** {@code x / sqrt(|x|^2 + 1e-6 d)}. */
  private static Var unit(Var x) {
    Var squares = Ops.sum(Ops.mul(x, x), -1);
    return Ops.div(x, Ops.sqrt(Ops.shift(squares, NORM_GUARD * x.shape().extent(-1))));
  }

  private CountedKeys met(AttentionProblem problem, Chosen chosen) {
    boolean once = duplicates == Duplicates.ONCE;
    return new AnchorChunks(problem, chunk, once, sharedKeys).meet(chosen.queries(), chosen.keys());
  }

  /** The buckets of queries and keys. */
  private record Chosen(AnchorBuckets queries, AnchorBuckets keys, boolean shared) {
    Map<String, Tensor> choices() {
      return shared
          ? Map.of("buckets", queries.buckets())
          : Map.of("buckets", queries.buckets(), "key_buckets", keys.buckets());
    }

    double margin() {
      return Math.min(queries.margin(), keys.margin());
    }
  }

  private Chosen chosen(Inputs inputs, AttentionProblem problem, Operands given) {
    AnchorBuckets queries = buckets(inputs, problem, "buckets", given.q().value(), given);
    return sharedKeys
        ? new Chosen(queries, queries, true)
        : new Chosen(
            queries, buckets(inputs, problem, "key_buckets", given.k().value(), given), false);
  }

  private AnchorBuckets buckets(
      Inputs inputs, AttentionProblem problem, String name, Tensor rows, Operands given) {
    Tensor fixed = inputs.value(name);
    if (fixed != null) {
      return AnchorBuckets.given(fixed, name, problem, anchors);
    }
    int s = reading == Reading.LANDMARKS ? 1 : nearest;
    Tensor points = inputs.value("anchors");
    if (points == null) {
      // Keys go to the anchors of the queries, or no bucket would hold both.
      Anchors maker = new Anchors(anchors, rounds, seed);
      return AnchorBuckets.choose(rows, given.q().value(), problem, maker, s);
    }
    require(points, problem);
    return AnchorBuckets.choose(rows, problem, points, s);
  }

  private void require(Tensor points, AttentionProblem problem) {
    var shape = points.shape();
    Require.argument(
        shape.rank() == 4
            && shape.broadcastsOver(problem.batches())
            && shape.extent(1) == problem.heads()
            && shape.extent(2) >= nearest
            && shape.extent(2) <= anchors
            && shape.extent(3) == problem.depth(),
        "anchors has shape %s: [1 or %d, %d, m, %d] is needed, with m from nearest to anchors",
        shape,
        problem.batches(),
        problem.heads(),
        problem.depth());
  }

  private AttentionProblem problem(Inputs inputs) {
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    AttentionProblem given = Given.problem(inputs, q, k, inputs.var("v")).build();
    Require.argument(
        given.queries() == given.keys(),
        "there are %d queries and %d keys: anchors sort tokens, so as many are needed",
        given.queries(),
        given.keys());
    double factor = scale != 0 ? scale : sharedKeys ? 1 : 1 / Math.sqrt(given.depth());
    Tensor like = q.value();
    Var v = Softmax.perQueryHead(inputs.var("v"), given.heads());
    Tensor keys = sharedKeys ? like : Softmax.perQueryHead(k, given.heads()).value();
    AttentionProblem problem =
        AttentionProblem.of(like, keys, v.value())
            .scale(factor)
            .causal(causal)
            .queryLengths(inputs.integers("q_lens"))
            .keyLengths(inputs.integers("k_lens"))
            .build();
    for (int b = 0; b < problem.batches(); b++) {
      Require.argument(
          problem.queryLength(b) == problem.keyLength(b),
          "q_lens and k_lens differ in batch entry %d: anchors sort tokens, so give the same",
          b);
    }
    return problem;
  }

  @Override
  public List<Case> cases() {
    return AnchorAttentionCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Chosen chosen = chosen(inputs, problem, operands(inputs, problem));
    if (reading == Reading.LANDMARKS) {
      return (b, h, i, j) ->
          i < problem.queryLength(b) && j < problem.keyLength(b)
              ? "landmarks: by way of anchors"
              : NOT_ATTENDED;
    }
    CountedKeys met = met(problem, chosen);
    return (b, h, i, j) -> {
      if (met.count(b, h, i, j) == 0) {
        return NOT_ATTENDED;
      }
      int common = chosen.queries().common(chosen.keys(), b, h, i, j);
      return i == j && sharedKeys
          ? "itself: nobody else"
          : common >= 0 ? "anchor: bucket " + common : "neighbouring chunk: another bucket";
    };
  }
}
