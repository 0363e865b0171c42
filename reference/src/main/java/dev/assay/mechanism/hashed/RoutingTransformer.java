package dev.assay.mechanism.hashed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Each centroid gathers the tokens nearest to it, and attention stays within such a cluster: Roy,
 * Saffar, Vaswani and Grangier, "Efficient content-based sparse attention with routing
 * transformers" (2021). A token of several clusters gets the mean of its softmaxes, one of none
 * gets 0.
 *
 * <p>Which tokens a centroid gathers depends on the whole sequence, so that the past sees the
 * future through the choice, though never through a weight.
 *
 * <p>Cost: O(n C d) time to route and O(C w^2 (d + d_v)) to attend, with C clusters of w.
 */
public record RoutingTransformer(
    @Setting(value = "w: tokens that a cluster takes; at least 1.", by = "16") int window,
    @Setting(value = "How tokens are compared with centroids and each other.", by = "LAYER_NORM")
        Norm norm,
    @Setting(value = "How a token gets into a cluster.", by = "TOP") Routing routing,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "What the order of time is within a cluster.", by = "POSITION") Order order,
    @Setting(value = "Added to the number of clusters that a token's mean is over.", by = "0")
        double countEps)
    implements Mechanism {

  /** The tokens that are routed, and the logits. */
  public enum Norm {
    /**
     * q and k without mean and at variance 1, for routing and for logits q . k without a factor.
     */
    LAYER_NORM,
    /**
     * q and k at length 1 for routing alone; logits q . k / sqrt(d). Where queries are keys, keys
     * have length 1 and a token meets itself only for lack of others.
     */
    UNIT
  }

  /** Who chooses whom. */
  public enum Routing {
    /** A centroid takes the w nearest tokens of the sequence. */
    TOP,
    /**
     * A token goes to its nearest centroid, and meets the latest w keys there: blind to the future
     * if causal.
     */
    NEAREST
  }

  /** What causality compares. */
  public enum Order {
    /** Precise: positions in the sequence. */
    POSITION,
    /** Literal: ranks in the lists of the cluster, which leaks where queries are not keys. */
    RANK
  }

  /** Checks the numbers. */
  public RoutingTransformer {
    Require.positive(window, "window");
    Require.argument(
        countEps >= 0 && Double.isFinite(countEps),
        "countEps is %s: it must not be negative",
        countEps);
  }

  @Override
  public Card card() {
    return RoutingTransformerCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return List.of(
        new TensorSpec("q", "[B, H, n_q, d]", Kind.INPUT, true, "Queries."),
        new TensorSpec(
            "k", "[B, H, n_k, d]", Kind.INPUT, false, "Keys; without them queries are keys too."),
        new TensorSpec("v", "[B, H, n_k, d_v]", Kind.INPUT, true, "Values."),
        new TensorSpec(
            "means",
            "[H, C, d]",
            Kind.PARAMETER,
            true,
            "Centroids; they follow averages of tokens, their gradient is 0."),
        new TensorSpec(
            "mem_k", "[H, C, M, d]", Kind.PARAMETER, false, "Keys that all of a cluster meet."),
        new TensorSpec(
            "mem_v", "[H, C, M, d_v]", Kind.PARAMETER, false, "Their values; both or none."),
        Given.choice(
            "idx_q", "[B, H, C, any]", "Queries of each cluster, instead of routing; -1 for none."),
        Given.choice(
            "idx_k",
            "[B, H, C, any]",
            "Keys of each cluster, likewise; without k those are idx_q."),
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
    RoutedTokens tokens = RoutedTokens.of(inputs, norm);
    AttentionProblem bare = tokens.problem();
    Clusters clusters = clusters(inputs, tokens);
    ClusterMemory memory = ClusterMemory.of(inputs, bare, clusters.count());
    Var q = tokens.queries();
    Var k = ClusterMemory.behind(tokens.keys(), memory.keys());
    Var v = ClusterMemory.behind(inputs.var("v"), memory.values());
    AttentionProblem problem =
        AttentionProblem.of(q.value(), k.value(), v.value()).scale(tokens.scale()).build();
    ClusterRows rows = new ClusterRows(this, bare, clusters, memory.size());
    Var out = null;
    for (CountedKeys met : rows.softmaxes()) {
      Var one = softmax.attend(problem, new Operands(q, k, v, null), met.pairs()).out();
      out = out == null ? one : Ops.add(out, one);
    }
    Var mean = Ops.mul(Objects.requireNonNull(out), shares(q, rows));
    return new Answer(mean, null, clusters.choices(), clusters.margin());
  }

  /** {@code 1 / (count + eps)} for each query; 0 where no cluster holds it. */
  private Var shares(Var q, ClusterRows rows) {
    Shape shape = q.shape().with(3, 1);
    return Ops.constant(
        q.tape(),
        Tensor.generate(
            shape,
            p -> {
              int[] x = shape.index(p);
              int count = rows.memberships(x[0], x[1], x[2]);
              return count == 0 ? 0 : 1 / (count + countEps);
            }));
  }

  private Clusters clusters(Inputs inputs, RoutedTokens tokens) {
    AttentionProblem bare = tokens.problem();
    Tensor means = inputs.var("means").value();
    Shape wanted = Shape.of(bare.heads(), means.shape().extent(1), bare.depth());
    Require.argument(
        means.shape().equals(wanted), "means has shape %s: %s is needed", means.shape(), wanted);
    Clusters.Router router = new Clusters.Router(means, window, routing);
    int count = means.shape().extent(1);
    Clusters.Lists queries =
        inputs.has("idx_q")
            ? Clusters.Lists.given(
                "idx_q", inputs.var("idx_q").value(), bare, count, bare::queryLength)
            : router.route(tokens.routed("q").value(), bare::queryLength);
    if (!inputs.has("k")) {
      Require.argument(!inputs.has("idx_k"), "idx_k was given without k: give idx_q alone");
      return new Clusters(queries, queries, true);
    }
    return new Clusters(
        queries,
        inputs.has("idx_k")
            ? Clusters.Lists.given(
                "idx_k", inputs.var("idx_k").value(), bare, count, bare::keyLength)
            : router.route(tokens.routed("k").value(), bare::keyLength),
        false);
  }

  /**
   * {@code mean of (x - nearest centroid)^2} over the routed queries and keys that are valid: what
   * training adds to its loss, times a small factor. Its gradient reaches q and k, not the
   * centroids.
   */
  public Var commitment(Inputs inputs) {
    return RoutedTokens.of(inputs, norm).commitment(inputs.var("means").value());
  }

  /**
   * The routed queries and keys, [B, H, n_q (+ n_k), d], to move centroids by; zeros behind the
   * lengths.
   */
  public Tensor routed(Inputs inputs) {
    return RoutedTokens.of(inputs, norm).routed().value();
  }

  @Override
  public String leak() {
    if (causal && routing == Routing.TOP) {
      return "a centroid takes the nearest tokens of the whole sequence";
    }
    return causal && order == Order.RANK ? "ranks within a cluster are no positions" : "";
  }

  @Override
  public List<Case> cases() {
    return RoutingTransformerCases.all();
  }

  /** Centroids of the size of a normalised token, as many as make two clusters of each token. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int clusters = Math.max(1, 2 * example.tokens() / window);
    Shape means = Shape.of(example.heads(), clusters, example.depth());
    tensors.put("means", example.draw("means", means, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    RoutedTokens tokens = RoutedTokens.of(inputs, norm);
    AttentionProblem bare = tokens.problem();
    Clusters clusters = clusters(inputs, tokens);
    int memory = ClusterMemory.of(inputs, bare, clusters.count()).size();
    ClusterRows rows = new ClusterRows(this, bare, clusters, memory);
    return (b, h, i, j) -> {
      int cluster = i < bare.queries() ? rows.common(b, h, i, j) : -1;
      return cluster < 0
          ? NOT_ATTENDED
          : (j < bare.keys() ? "cluster " : "memory of cluster ") + cluster;
    };
  }
}
