package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Padding;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import java.util.List;

/**
 * The matrix of softmax weights from m landmarks by the method of Nystrom: Xiong et al.,
 * "Nystromformer: a Nystrom-based algorithm for approximating self-attention" (2021).
 *
 * <pre>
 * F = softmax(Q Kt^T)   A = softmax(Qt Kt^T)   G = softmax(Qt K^T)      out = F A^+ (G V)
 * </pre>
 *
 * <p>Cost: O(n m (d + d_v) + m^3) time and O(n m) memory for each head.
 */
public record Nystromformer(
    @Setting(value = "Landmarks at most, m.", by = "8") int landmarks,
    @Setting(value = "Steps towards the pseudo-inverse.", by = "6") int iterations,
    @Setting(value = "Where these steps begin.", by = "PER_MATRIX") PseudoInverse.Start start,
    @Setting(value = "How padding and short inputs are treated.", by = "PRECISE") Reading reading,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How padding and short inputs are treated. */
  public enum Reading {
    /**
     * Precise: segments of ceil(length / m) tokens, the last ragged; a landmark is the mean of its
     * valid tokens, and one without any does not exist.
     */
    PRECISE,
    /**
     * The authors' code: segments of n / m tokens, padded ones counted as 0 in the means and as
     * queries; with as many landmarks as tokens it is softmax attention itself.
     */
    UPSTREAM
  }

  /** Checks the numbers. */
  public Nystromformer {
    Require.positive(landmarks, "landmarks");
    Require.notNegative(iterations, "iterations");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return NystromformerCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "conv",
            "[H, w]",
            Kind.PARAMETER,
            false,
            "Weights of a convolution of the values along the sequence, w odd; its result is added"
                + " to out. None if absent."),
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
    Segments segments = segments(problem);
    int heads = problem.heads();
    Var k = Softmax.perQueryHead(inputs.var("k"), heads);
    Var v = Softmax.perQueryHead(inputs.var("v"), heads);
    Operands given =
        new Operands(
            Padding.queries(inputs.var("q"), problem),
            Padding.keys(k, problem),
            Padding.keys(v, problem),
            null);
    boolean upstream = reading == Reading.UPSTREAM;
    Var out =
        upstream && landmarks == problem.keys()
            ? softmax.attend(tokens(inputs, given), given, Pairs.ALL).out()
            : segments.nystrom().attend(given, softmax, new PseudoInverse(start, iterations));
    Var conv = inputs.find("conv");
    if (conv != null) {
      out = Ops.add(out, new ValueConvolution(conv, heads).of(given.v()));
    }
    return Answer.of(upstream ? out : Padding.queries(out, problem), null);
  }

  /** All tokens, those behind the length of queries too. */
  private AttentionProblem tokens(Inputs inputs, Operands given) {
    return AttentionProblem.of(given.q().value(), given.k().value(), given.v().value())
        .keyLengths(inputs.integers("k_lens"))
        .givenScale(scale)
        .build();
  }

  private Segments segments(AttentionProblem problem) {
    int n = problem.keys();
    Require.argument(
        problem.queries() == n,
        "there are %d queries and %d keys: landmarks want as many of both",
        problem.queries(),
        n);
    Require.argument(
        reading == Reading.PRECISE || n % landmarks == 0,
        "%d tokens are no multiple of %d landmarks: reading=UPSTREAM wants that, PRECISE does not",
        n,
        landmarks);
    return new Segments(problem, landmarks, reading == Reading.PRECISE);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).givenScale(scale).build();
  }

  @Override
  public List<Case> cases() {
    return NystromformerCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) ->
        i < problem.queryLength(b) && j < problem.keyLength(b)
            ? "landmarks: by way of segments"
            : NOT_ATTENDED;
  }
}
