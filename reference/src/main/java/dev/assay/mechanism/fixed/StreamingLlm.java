package dev.assay.mechanism.fixed;

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
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LinearBiases;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cache keeps the first tokens, the sinks, and the last ones; what lies between is dropped: Xiao,
 * Tian, Chen, Han and Lewis, "Efficient streaming language models with attention sinks" (2023).
 * Positions are counted within the cache. Here all tokens come at once, with the pairs and the
 * distances that the stream would have had; queries may be the last tokens only, as in decoding.
 *
 * <p>Cost: O(n (sinks + recent) (d + d_v)) time for each head.
 */
public record StreamingLlm(
    @Setting(value = "First tokens that are kept for ever; 0 for a plain window.", by = "4")
        int sinks,
    @Setting(value = "Last tokens that are kept besides; at least 1.", by = "8") int recent,
    @Setting(value = "When a full cache drops tokens.", by = "BEFORE") Evict evict,
    @Setting(value = "Tokens in a chunk where the tensor chunks is not given.", by = "1") int chunk,
    @Setting(value = "What a position is.", by = "CACHE") Positions positions,
    @Setting(value = "What is made of positions.", by = "HALF") Encoding encoding,
    @Setting(value = "Base of the rotary frequencies.", by = "10000") double theta,
    @Setting(value = "Adds 1 to the denominator of the softmax.", by = "false") boolean offByOne,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** When room is made. */
  public enum Evict {
    /** Precise: before a chunk comes, so that with it the cache is no fuller than it may be. */
    BEFORE,
    /** The authors' loop: behind each chunk, which so sees a full cache and itself. */
    AFTER
  }

  /** What counts as the position of a token. */
  public enum Positions {
    /** Precise: its place in the cache, which changes when tokens before it are dropped. */
    CACHE,
    /** Common elsewhere: its place in the text. */
    ORIGINAL
  }

  /** How positions enter the logits. */
  public enum Encoding {
    /** Not at all. */
    NONE,
    /** Rotary, channels 2c and 2c + 1 together. */
    INTERLEAVED,
    /** Rotary, channels c and c + d/2 together. */
    HALF,
    /** Linear biases on the distance of positions. */
    ALIBI
  }

  /** Checks the settings. */
  public StreamingLlm {
    Require.notNegative(sinks, "sinks");
    Require.positive(recent, "recent");
    Require.positive(chunk, "chunk");
    Require.argument(
        evict == Evict.AFTER || chunk <= recent,
        "chunk is %d, recent is %d: with evict BEFORE a chunk must fit into the recent places",
        chunk,
        recent);
    Ranges.rotary(theta, 0);
    Ranges.scale(scale);
  }

  /** Always: a cache holds the past. */
  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public Card card() {
    return StreamingLlmCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "chunks", "[C]", "Lengths of the chunks that come together; the last one is repeated."),
        Given.MASK,
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
    StreamingCache cache = cache(inputs, problem);
    Operands operands = placed(inputs, problem, cache);
    Var bias = operands.bias();
    AttentionProblem bound =
        problem
            .with(
                operands.q().value(),
                operands.k().value(),
                operands.v().value(),
                bias == null ? null : bias.value())
            .build();
    Answer attended = softmax.attend(bound, operands, CountedKeys.of(bound, rule(problem, cache)));
    return offByOne ? withOneMore(attended) : attended;
  }

  private static KeepMask.Rule rule(AttentionProblem problem, StreamingCache cache) {
    return (b, h, i, j) -> {
      int p = i + problem.offset(b);
      return p >= 0 && p < cache.dropped().length && cache.holds(p, j);
    };
  }

  /** {@code sum e^s v / (1 + sum e^s) = sigmoid(L) out}: a key with logit 0 and value 0 more. */
  private static Answer withOneMore(Answer attended) {
    Var lse = Objects.requireNonNull(attended.lse());
    Shape rows = lse.shape();
    Shape column = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), 1);
    Var share = Ops.reshape(Ops.sigmoid(lse), column);
    Var out = Ops.mul(share, attended.out());
    return Answer.of(Softmax.withoutEmptyRows(out, attended), null);
  }

  /** Queries and keys as their positions have them. */
  private Operands placed(Inputs inputs, AttentionProblem problem, StreamingCache cache) {
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    Var v = inputs.var("v");
    boolean inCache = positions == Positions.CACHE;
    if (encoding != Encoding.ALIBI && q.shape().extent(-1) < 2) {
      // One channel has none to turn with.
      return new Operands(q, k, v, null);
    }
    return switch (encoding) {
      case NONE -> new Operands(q, k, v, null);
      case ALIBI -> new Operands(q, k, v, linear(q, problem, inCache ? cache : null));
      case INTERLEAVED, HALF -> {
        RotaryAngles angles = angles(q.shape().extent(-1));
        RotaryAngles.Position ofQuery = (b, i) -> i + problem.offset(b);
        Var turned = angles.turn(q, ofQuery);
        Var keys = angles.turn(k, (b, j) -> j);
        yield inCache
            ? apart(turned, angles.turn(q, place(problem, cache)), keys, v)
            : new Operands(turned, keys, v, null);
      }
    };
  }

  /**
   * A query has two distances: to a sink that of its place in the cache, to a later key that of the
   * text, since nothing between the two was dropped. So it is turned twice, into 2 d channels, of
   * which a sink fills the last d and another key the first.
   */
  private Operands apart(Var inText, Var inCache, Var keys, Var v) {
    int tokens = keys.shape().extent(2);
    int first = Math.min(sinks, tokens);
    int d = keys.shape().extent(3);
    Var sink = Ops.pad(Ops.slice(keys, 2, 0, first), 3, d, 0);
    Var later = Ops.pad(Ops.slice(keys, 2, first, tokens), 3, 0, d);
    return new Operands(Ops.concat(3, inText, inCache), Ops.concat(2, sink, later), v, null);
  }

  private static RotaryAngles.Position place(AttentionProblem problem, StreamingCache cache) {
    return (b, i) -> {
      int p = i + problem.offset(b);
      return p < 0 || p >= cache.dropped().length ? 0 : cache.place(p);
    };
  }

  private static Var linear(Var q, AttentionProblem problem, @Nullable StreamingCache cache) {
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    LinearBiases.Distance distance =
        (b, i, j) -> {
          int p = i + problem.offset(b);
          return cache == null || p < 0 || p >= cache.dropped().length
              ? Math.abs(p - j)
              : Math.abs(cache.place(p) - cache.place(p, j));
        };
    return Ops.constant(q.tape(), LinearBiases.bias(pairs, distance));
  }

  private RotaryAngles angles(int depth) {
    Rotary.Layout layout =
        encoding == Encoding.HALF ? Rotary.Layout.HALF : Rotary.Layout.INTERLEAVED;
    // An odd channel, if there is one, passes through.
    return new RotaryAngles(layout, theta, depth - depth % 2, null, null);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(true).givenScale(scale).build();
  }

  private StreamingCache cache(Inputs inputs, AttentionProblem problem) {
    int[] given = inputs.integers("chunks");
    Require.argument(
        given == null || (given.length > 0 && Arrays.stream(given).allMatch(length -> length > 0)),
        "chunks lists %s: positive lengths are needed",
        Arrays.toString(given));
    return StreamingCache.of(this, problem.keys(), given == null ? new int[] {chunk} : given);
  }

  @Override
  public List<Case> cases() {
    return StreamingLlmCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    StreamingCache cache = cache(inputs, problem);
    KeepMask.Rule held = rule(problem, cache);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !held.allows(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int distance = i + problem.offset(b) - j;
      return distance == 0 ? "own position" : j < sinks ? "sink: " + j : "recent: " + distance;
    };
  }
}
