package dev.assay.mechanism.heads;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Each head chooses the tokens that it works on and attends among them alone: Piekos, Csordas and
 * Schmidhuber, "Mixture of sparse attention: content-based learnable sparse attention via
 * expert-choice routing" (2025). The score of a token multiplies what the head gives for it, which
 * is how the router learns.
 *
 * <p>Projections are applied before and the output projection of each head after, by the layer.
 *
 * <p>Cost: O(n c) to score, with tokens of c channels, and O(k^2 (d + d_v)) to attend, with k
 * chosen tokens, for each head.
 */
public record Mosa(
    @Setting(value = "A head takes floor(n / sparsity) of n tokens; at least 1.", by = "4")
        int sparsity,
    @Setting(value = "So many tokens are taken at least, if there are as many.", by = "2")
        int atLeast,
    @Setting(value = "Among which tokens a head chooses.", by = "SEQUENCE") Choice choice,
    @Setting(value = "THRESHOLD: a token is taken whose score is at least theta.", by = "0.5")
        double theta,
    @Setting(value = "Token 0 is always taken, as one of the k.", by = "false")
        boolean includeFirst,
    @Setting(value = "Excludes keys after the query.", by = "true") boolean causal,
    @Setting(value = "Share of channels that turn by position, the first ones.", by = "0.5")
        double rotaryFraction,
    @Setting(value = "Base of the frequencies by which they turn.", by = "10000") double base,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The candidates of a choice. */
  public enum Choice {
    /** The k best of the sequence: later tokens can push an earlier one out. */
    SEQUENCE,
    /**
     * For each query the k best of the tokens up to it; it is active if it is one of them, and
     * meets them.
     */
    PREFIX,
    /** All tokens whose score is at least theta: the choice of inference. */
    THRESHOLD
  }

  /** Checks the numbers. */
  public Mosa {
    Require.positive(sparsity, "sparsity");
    Require.notNegative(atLeast, "atLeast");
    Require.argument(!Double.isNaN(theta), "theta is NaN: it must be a number");
    Require.argument(
        rotaryFraction >= 0 && rotaryFraction <= 1,
        "rotaryFraction is %s: it must lie in 0..1",
        rotaryFraction);
    Ranges.rotary(base, 0);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return MosaCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec("x", "[B, n, c]", Kind.INPUT, true, "Tokens, which the router scores."),
        new TensorSpec(
            "w_router", "[H, c]", Kind.PARAMETER, true, "Weights of each head's router."),
        Given.choice(
            "idx",
            "[B, H, 1 or n, any]",
            "Chosen tokens, for all queries or for each, instead of comparing scores; -1 for"
                + " none."),
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
    Var scores = scores(inputs, problem);
    ChosenTokens chosen = chosen(inputs, problem, scores);
    Var q = turned(inputs.var("q"));
    Var k = turned(inputs.var("k"));
    Tensor active = chosen.active(problem);
    Answer attended =
        softmax.attend(
            problem.with(q.value(), k.value(), problem.v(), null).build(),
            new Operands(q, k, inputs.var("v"), null),
            chosen.listed(problem, active, causal).pairs());
    Var gate = Ops.reshape(Ops.select(scores, active), problem.outShape().with(3, 1));
    // A row that is not chosen is left out: its factor is 0, but its cotangent may be anything.
    int channels = problem.valueDepth();
    Var out =
        Ops.select(
            Ops.mul(attended.out(), gate),
            Tensor.generate(problem.outShape(), p -> active.get(p / channels)));
    return new Answer(out, null, Map.of("idx", chosen.idx()), chosen.margin());
  }

  /** {@code sigmoid(x . w_h)}, [B, H, n]; behind a length 1/2, which nobody reads. */
  private Var scores(Inputs inputs, AttentionProblem problem) {
    Var valid = TokenLogits.valid(inputs.var("x"), problem);
    Var logits = TokenLogits.of(valid, "w_router", inputs.var("w_router"), problem.heads());
    return Ops.sigmoid(Ops.permute(logits, 0, 2, 1));
  }

  private ChosenTokens chosen(Inputs inputs, AttentionProblem problem, Var scores) {
    Tensor given = inputs.value("idx");
    return given == null
        ? ChosenTokens.choose(this, scores.value(), problem)
        : ChosenTokens.given(given, problem);
  }

  /** How many of so many tokens a head takes. */
  int taken(int tokens) {
    return Math.min(tokens, Math.max(atLeast, tokens / sparsity));
  }

  /** With the first channels turned by their position in the sequence. */
  private Var turned(Var x) {
    int dim = (int) (rotaryFraction * x.shape().extent(3)) / 2 * 2;
    return dim == 0
        ? x
        : new RotaryAngles(Rotary.Layout.HALF, base, dim, null, null).turn(x, (b, i) -> i);
  }

  private AttentionProblem problem(Inputs inputs) {
    Var q = inputs.var("q");
    int[] lengths = inputs.integers("k_lens");
    AttentionProblem built =
        AttentionProblem.of(q.value(), inputs.var("k").value(), inputs.var("v").value())
            .queryLengths(lengths)
            .keyLengths(lengths)
            .givenScale(scale)
            .build();
    Require.argument(
        built.queries() == built.keys(),
        "%d queries came with %d keys: a head chooses tokens, so both must agree",
        built.queries(),
        built.keys());
    return built;
  }

  @Override
  public String leak() {
    return causal && choice == Choice.SEQUENCE
        ? "a head takes the best tokens of the whole sequence"
        : "";
  }

  @Override
  public List<Case> cases() {
    return MosaCases.all();
  }

  /** Tokens as wide as all heads, and a router for them. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int channels = example.heads() * example.depth();
    Shape tokens = Shape.of(1, example.tokens(), channels);
    tensors.put("x", example.draw("x", tokens, CaseBuilder.UNIT));
    Shape router = Shape.of(example.heads(), channels);
    tensors.put("w_router", example.draw("w_router", router, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Var routed = scores(inputs, problem);
    ChosenTokens chosen = chosen(inputs, problem, routed);
    CountedKeys listed = chosen.listed(problem, chosen.active(problem), causal);
    return (b, h, i, j) -> {
      if (listed.count(b, h, i, j) == 0) {
        return NOT_ATTENDED;
      }
      String why =
          inputs.has("idx")
              ? ""
              : ": " + BestScores.place(compared(routed.value(), b, h, i, problem), j);
      return (i == j ? "chosen, itself" : "chosen by head") + why;
    };
  }

  /** What a head gives to each token that is compared for a query. */
  private double[] compared(Tensor scores, int b, int h, int i, AttentionProblem problem) {
    int length = problem.keyLength(b);
    double[] row = new double[choice == Choice.PREFIX ? Math.min(i + 1, length) : length];
    Arrays.setAll(row, t -> scores.at(b, h, t));
    return row;
  }
}
