package dev.assay.mechanism.linear;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Softmax attention approximated by positive random features, FAVOR+, and its generalisation to
 * other kernels: Choromanski et al., "Rethinking attention with Performers" (2020).
 *
 * <p>Cost: O(n m (d + d_v)) time for each head, O(m d_v) memory for the sums.
 */
public record Performer(
    @Setting(value = "Which function makes features of projections.", by = "SOFTMAX") Kernel kernel,
    @Setting(value = "Whose stabilisers and small constants.", by = "PRECISE") Constants constants,
    @Setting(value = "Features where no projection is given; 0 for d ln d.", by = "0") int features,
    @Setting(value = "Lengths of the rows of the projection that is drawn.", by = "CHI") Rows rows,
    @Setting(value = "Which projection is drawn.", by = "1") int seed,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal)
    implements Mechanism {

  /** The function from a projection w . x to a feature. */
  public enum Kernel {
    /** {@code exp(w . x' - |x'|^2 / 2) / sqrt(m)} with {@code x' = x / d^(1/4)}. */
    SOFTMAX,
    /** {@code max(w . x, 0) / sqrt(m) + 1e-3}: a kernel of its own. */
    RELU
  }

  /** What keeps exponentials in range, and what is added to features and denominators. */
  public enum Constants {
    /**
     * Precise: factors that cancel, a query's own and one of the projection alone, and nothing is
     * added to exponentials. No position sees another through them.
     */
    PRECISE,
    /**
     * The authors' code in TensorFlow: 1e-6 is added to exponentials that are scaled by the largest
     * of a query, or of all keys of a head, future ones included; gradients flow through both.
     */
    GOOGLE,
    /**
     * performer-pytorch: as GOOGLE with 1e-4 and no gradient through the largest; if causal, 1e-6
     * is added to the sums of the keys' features. Its RELU scales x by d^(-1/4), not by 1/sqrt(m).
     */
    LUCIDRAINS
  }

  /** How long the rows of a projection are. */
  public enum Rows {
    /** As long as rows of normal numbers: the estimate of the softmax kernel is unbiased. */
    CHI,
    /** All of length sqrt(d). */
    SQRT_D
  }

  /** Checks the number of features. */
  public Performer {
    Require.notNegative(features, "features");
  }

  @Override
  public Card card() {
    return PerformerCard.CARD;
  }

  @Override
  public String leak() {
    return causal && kernel == Kernel.SOFTMAX && constants != Constants.PRECISE
        ? "the largest feature of all keys, later ones too, scales what is added to each feature"
        : "";
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "projection", "[m, d]", "Rows w of the random projection, instead of drawing them."),
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, FeatureAttention::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, FeatureAttention.on(engine));
  }

  private Answer answer(Inputs inputs, FeatureAttention attention) {
    AttentionProblem problem = problem(inputs);
    Tensor projection = projection(inputs, problem.depth());
    Operands given = FeatureAttention.valid(inputs, problem);
    RandomFeatures features = new RandomFeatures(this, problem, projection);
    Operands phi =
        new Operands(features.ofQueries(given.q()), features.ofKeys(given.k()), given.v(), null);
    AttentionProblem over = FeatureAttention.over(problem, phi).build();
    if (constants == Constants.LUCIDRAINS && causal) {
      phi = afterGuard(phi);
      over = shifted(over, phi);
    }
    Var out = attention.attend(over, phi, 0);
    return new Answer(out, null, Map.of("projection", projection), Double.POSITIVE_INFINITY);
  }

  private Tensor projection(Inputs inputs, int depth) {
    Tensor given = inputs.value("projection");
    if (given == null) {
      int m = features > 0 ? features : Math.max(1, (int) (depth * StrictMath.log(depth)));
      return new OrthogonalFeatures(m, depth, seed).draw(rows == Rows.SQRT_D);
    }
    Require.argument(
        given.shape().rank() == 2 && given.shape().extent(1) == depth && given.size() > 0,
        "projection has shape %s: [m, %d] is needed",
        given.shape(),
        depth);
    return given;
  }

  /** Puts a key before all others that weighs 1e-6 in every feature and whose value is 0. */
  private static Operands afterGuard(Operands phi) {
    Tape tape = phi.q().tape();
    Tensor key = Tensor.full(phi.k().shape().with(2, 1), RandomFeatures.KEY_GUARD);
    Tensor value = Tensor.zeros(phi.v().shape().with(2, 1));
    return new Operands(
        phi.q(),
        Ops.concat(2, Ops.constant(tape, key), phi.k()),
        Ops.concat(2, Ops.constant(tape, value), phi.v()),
        null);
  }

  private static AttentionProblem shifted(AttentionProblem before, Operands phi) {
    int[] lengths = new int[before.batches()];
    int[] offsets = new int[before.batches()];
    for (int b = 0; b < lengths.length; b++) {
      lengths[b] = before.keyLength(b) + 1;
      offsets[b] = before.offset(b) + 1;
    }
    return FeatureAttention.over(before, phi).keyLengths(lengths).offset(offsets).build();
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).build();
  }

  @Override
  public List<Case> cases() {
    return PerformerCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    String reach = causal ? "random features: causal prefix" : "random features: every key";
    return (b, h, i, j) -> KeepMask.exists(problem, b, h, i, j) ? reach : NOT_ATTENDED;
  }
}
