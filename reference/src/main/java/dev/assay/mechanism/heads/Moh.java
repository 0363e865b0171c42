package dev.assay.mechanism.heads;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.Taught;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Each token chooses among heads: some are shared by all tokens, of the others a router takes the
 * best for each token; gates weigh what the heads give: Jin, Zhu, Yuan and Yan, "MoH: multi-head
 * attention as mixture-of-head attention" (2024).
 *
 * <p>Cost: O(n H c) to route, O(n^2 (d + d_v)) for each head times the share of tokens that choose
 * it.
 */
public record Moh(
    @Setting(value = "So many first heads are shared by all tokens.", by = "0") int shared,
    @Setting(value = "Routed heads that a token takes; at least 0.", by = "1") int taken,
    @Setting(value = "How gates are weighed.", by = "CODE") Gates gates,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism, Taught {

  /** What a gate is. */
  public enum Gates {
    /**
     * As the published code has it: routed gates of a token are brought to the sum {@code taken},
     * shared ones to the sum {@code shared}, the two levels to the sum 2, so that even gates leave
     * heads as they are.
     */
    CODE,
    /** As the text has it: products of softmaxes, whose sum is at most 1. */
    FORMULA,
    /** 1 for a head that is taken: no gate, and no gradient into the router. */
    HARD
  }

  /** Checks the counts. */
  public Moh {
    Require.notNegative(shared, "shared");
    Require.notNegative(taken, "taken");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return MohCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "x", "[B, n_q, c]", Kind.INPUT, false, "Tokens, which the routers score; for w_*."),
        new TensorSpec(
            "w_routed",
            "[H - shared, c]",
            Kind.PARAMETER,
            false,
            "Weights of the router; without them heads are scored by the lengths of queries."),
        new TensorSpec(
            "w_shared",
            "[shared, c]",
            Kind.PARAMETER,
            false,
            "Weights of the gates of shared heads; without them those are even."),
        new TensorSpec(
            "w_level",
            "[2, c]",
            Kind.PARAMETER,
            false,
            "Weights of the levels, shared before routed; without them both are even."),
        Given.choice(
            "active",
            "[B, H - shared, n_q]",
            "Which routed heads each token takes, instead of the best."),
        Given.BIAS,
        Given.MASK,
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
    AttentionProblem problem = problem(inputs).build();
    RoutedHeads routed = RoutedHeads.of(this, inputs, problem);
    KeepMask.Rule rule = (b, h, i, j) -> takes(routed, b, h, i);
    Shape pairs = problem.lseShape();
    Tensor mask =
        KeepMask.restrict(
            problem.mask(),
            Shape.of(pairs.extent(0), pairs.extent(1), pairs.extent(2), problem.keys()),
            rule);
    Operands operands =
        new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    Answer attended = softmax.attend(problem(inputs).mask(mask).build(), operands, Pairs.ALL);
    Var gated = Ops.mul(attended.out(), Ops.reshape(routed.gates(), problem.outShape().with(3, 1)));
    return new Answer(
        Softmax.withoutEmptyRows(gated, attended),
        null,
        Map.of("active", routed.active()),
        routed.margin());
  }

  private boolean takes(RoutedHeads routed, int b, int h, int i) {
    return h < shared || routed.active().at(b, h - shared, i) != 0;
  }

  /**
   * {@code sum over routed heads of (mean score of its softmax) (share of tokens that take it)},
   * over valid tokens: small when heads are taken evenly. Published code has the number of routed
   * heads as a factor, and so have all gates but FORMULA. Its gradient goes through the scores.
   */
  public Var balance(Inputs inputs) {
    AttentionProblem problem = problem(inputs).build();
    double factor = gates == Gates.FORMULA ? 1 : problem.heads() - shared;
    return RoutedHeads.of(this, inputs, problem).balance(factor);
  }

  /** The balance, times 0.01. */
  @Override
  public Var lesson(Inputs inputs) {
    return Ops.reshape(Ops.scale(balance(inputs), 0.01), Shape.of());
  }

  private ProblemBuilder problem(Inputs inputs) {
    Var q = inputs.var("q");
    Require.argument(
        q.shape().rank() == 4 && shared <= q.shape().extent(1),
        "%d heads are shared, but q has shape %s",
        shared,
        q.shape());
    return Given.problem(inputs, q, inputs.var("k"), inputs.var("v"))
        .causal(causal)
        .givenScale(scale);
  }

  @Override
  public Map<String, Function<Inputs, Var>> asides() {
    return Map.of("balance", this::balance);
  }

  @Override
  public List<Case> cases() {
    return MohCases.all();
  }

  /** Tokens as wide as all heads, and a router for them. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int channels = example.heads() * example.depth();
    Shape tokens = Shape.of(1, example.tokens(), channels);
    tensors.put("x", example.draw("x", tokens, CaseBuilder.UNIT));
    Shape router = Shape.of(Math.max(0, example.heads() - shared), channels);
    tensors.put("w_routed", example.draw("w_routed", router, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs).build();
    RoutedHeads routed = RoutedHeads.of(this, inputs, problem);
    return (b, h, i, j) -> {
      if (!takes(routed, b, h, i) || !KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      if (h < shared) {
        return "shared head: " + h;
      }
      String why = inputs.has("active") ? "" : ": " + routed.place(b, h - shared, i);
      return "head taken by the token" + why;
    };
  }
}
