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

/**
 * Attention through the features {@code phi(x) = elu(x) + 1}: Katharopoulos, Vyas, Pappas and
 * Fleuret, "Transformers are RNNs: fast autoregressive Transformers with linear attention" (2020).
 * A kernel of its own, no approximation of a softmax: there is no scale and no LSE.
 *
 * <p>Cost: O(n d d_v) time for each head, O(d d_v) memory for the state.
 */
public record LinearTransformer(
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Added to the sum of the weights; 0 for the formula as printed.", by = "1e-6")
        double guard)
    implements Mechanism {

  /** Checks the guard. */
  public LinearTransformer {
    Require.argument(
        guard >= 0 && Double.isFinite(guard),
        "guard is %s: it must be a finite number of at least 0",
        guard);
  }

  @Override
  public Card card() {
    return new Card(
        "Linear transformer",
        "Weights are products of positive features, so that keys and values can be summed first.",
        "phi(x) = x + 1 for x > 0, else e^x;"
            + " out_i = phi(q_i) . sum_j phi(k_j) v_j / (phi(q_i) . sum_j phi(k_j) + guard),"
            + " j <= i + offset if causal",
        "Katharopoulos, Vyas, Pappas and Fleuret, Transformers are RNNs: fast autoregressive"
            + " Transformers with linear attention, 2020",
        "O(n d d_v) time, O(d d_v) memory for the sums",
        Card.Reach.GLOBAL,
        Card.Choice.LOW_RANK,
        Card.Timing.STATIC,
        Card.Granularity.TOKEN,
        List.of(
            "guard: the formula has none; the authors' code adds 1e-6 to the denominator, which"
                + " is the default here. guard=0 is the formula as printed.",
            "Neither q nor k is scaled by 1/sqrt(d): the kernel is not a softmax.",
            "No mask and no bias but lengths and the causal frontier: those are all that sums of"
                + " features can express. Features of padded keys count as 0.",
            "With unequal lengths the causal frontier is aligned at the bottom right, as"
                + " everywhere here; the authors' code cuts or pads the keys at their end.",
            "Recorded example: the tensors of case 2802, whose first query sees one key."
                + " out[0, 0, 0, 0] is v[0, 0, 0, 0] with guard=0 and 0.5919188670"
                + " with guard=1e-6."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.Q_LENS, Given.K_LENS, Given.OFFSET);
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
    Operands given = FeatureAttention.valid(inputs, problem);
    Operands features = new Operands(eluPlusOne(given.q()), eluPlusOne(given.k()), given.v(), null);
    AttentionProblem over = FeatureAttention.over(problem, features).build();
    return Answer.of(attention.attend(over, features, guard), null);
  }

  /**
   * {@code x + 1} where x is above 0, else {@code e^x}: its slope is continuous at 0, its curvature
   * is not.
   */
  static Var eluPlusOne(Var x) {
    Tensor above = KeepMask.where(x.shape(), at -> x.value().at(at) > 0);
    Tensor others = Tensor.generate(above.shape(), p -> 1 - above.get(p));
    Var straight = Ops.select(Ops.shift(x, 1), above);
    return Ops.add(straight, Ops.select(Ops.exp(Ops.select(x, others)), others));
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).build();
  }

  @Override
  public List<Case> cases() {
    return LinearTransformerCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    String reach = causal ? "features: causal prefix" : "features: every key";
    return (b, h, i, j) -> KeepMask.exists(problem, b, h, i, j) ? reach : NOT_ATTENDED;
  }
}
