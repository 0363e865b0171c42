package dev.assay.mechanism.learned;

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
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A learned function looks at the attention weights and corrects them: the critical attention
 * optimizer (CAO) of Alwash, Rasheed and Fattah, "Efficient Transformer architectures via learnable
 * sparse attention and optimization" (2025), section 4.4 and equation 3, {@code A' = A + beta
 * tanh(Phi(A))}. The paper says nothing of Phi; each open question is a setting.
 *
 * <p>Cost: that of the attention, and O(16 z) for z pairs.
 */
public record Cao(
    @Setting(value = "What the correction is applied to.", by = "P_RENORM") Mode mode,
    @Setting(value = "The function Phi.", by = "MLP") Phi phi,
    @Setting(value = "Whether a gradient flows into the features of a row.", by = "DETACHED")
        Features features,
    @Setting(value = "L_EQ3: nothing is added where causality excludes a pair.", by = "true")
        boolean respectCausal,
    @Setting(value = "Pairs at least so far apart count as distant; at least 0.", by = "32")
        int local,
    @Setting(value = "beta where the tensor is not given.", by = "0.1") double strength,
    @Setting(value = "ASSIGN: eps of exp(A / eps).", by = "0.1") double epsilon,
    @Setting(value = "ASSIGN: rounds of scaling rows and columns.", by = "3") int rounds,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** What becomes of A. */
  public enum Mode {
    /** A' = A. */
    OFF,
    /** Literal: A' = A + beta tanh Phi, on every pair; a row need not sum to 1. */
    L_EQ3,
    /** Precise: the positive part of that on the pairs that exist, divided by its sum. */
    P_RENORM,
    /** A' = softmax(S + beta tanh Phi): a bounded bias. */
    P_LOGIT,
    /** A' = A (1 + beta (tanh Phi - sum_k A_k tanh Phi_k)): a row sums to 1. */
    P_ZEROSUM
  }

  /** The function of the weights. */
  public enum Phi {
    /** Two layers on six features of a pair, with a GELU between. */
    MLP,
    /** exp(A / eps), its rows and columns scaled to sum to 1 in turn, minus A. */
    ASSIGN
  }

  /** Gradients of the features that belong to a whole row or column. */
  public enum Features {
    DETACHED,
    DIFFERENTIATED
  }

  /** Checks the numbers. */
  public Cao {
    Require.notNegative(local, "local");
    Require.notNegative(rounds, "rounds");
    Require.finite(strength, "strength");
    Require.argument(
        epsilon > 0 && Double.isFinite(epsilon), "epsilon is %s: it must be positive", epsilon);
    Ranges.scale(scale);
  }

  @Override
  public String leak() {
    return causal && phi == Phi.ASSIGN && mode != Mode.OFF
        ? "the columns of an assignment are scaled over all rows"
        : causal && mode == Mode.L_EQ3 && !respectCausal ? "weight is added to the future" : "";
  }

  @Override
  public Card card() {
    return CaoCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    List<TensorSpec> all = new ArrayList<>(TensorSpec.qkv());
    all.addAll(parameters());
    all.addAll(List.of(Given.MASK, Given.Q_LENS, Given.K_LENS, Given.OFFSET));
    return List.copyOf(all);
  }

  /** What a correction reads besides queries, keys and values. */
  static List<TensorSpec> parameters() {
    return List.of(
        parameter("beta", "[1]", "Strength of the correction; the setting strength if absent."),
        parameter("phi_w1", "[hidden, 6]", "First weights of Phi; MLP needs all four."),
        parameter("phi_b1", "[hidden]", "First offsets."),
        parameter("phi_w2", "[1, hidden]", "Second weights; 0 makes the correction 0."),
        parameter("phi_b2", "[1]", "Second offset."),
        new TensorSpec(
            "received",
            "[B, H, n_k]",
            Kind.INPUT,
            false,
            "Attention that each key received from rows before these, summed, when decoding."),
        Given.choice("rows_before", "[B]", "How many rows received sums over; needed with it."));
  }

  private static TensorSpec parameter(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.PARAMETER, false, meaning);
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
    Pairs all = new Pairs((b, h, i, j) -> true, new DensePlan());
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    Var v = inputs.var("v");
    if (mode == Mode.OFF) {
      return softmax.attend(problem, new Operands(q, k, v, null), all);
    }
    ScorePlane plane = ScorePlane.tokens(problem, q, k);
    if (mode != Mode.P_LOGIT) {
      Weights weights = Weights.of(plane.scores(), plane.admissible());
      return Answer.of(new Refinement(this, inputs, problem).of(weights).times(v), null);
    }
    Var bias = new Refinement(this, inputs, problem).bias(plane.scores(), plane.admissible());
    AttentionProblem biased =
        problem.with(problem.q(), problem.k(), problem.v(), bias.value()).build();
    return softmax.attend(biased, new Operands(q, k, v, bias), all);
  }

  AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  @Override
  public List<Case> cases() {
    return CaoCases.all();
  }

  /** A correction of some size; training starts from phi_w2 = 0 and phi_b2 = 0, which is none. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    tensors.put("beta", Tensor.of(Shape.of(1), strength));
    putNetwork(tensors, example);
    return tensors;
  }

  static void putNetwork(SequencedMap<String, Tensor> tensors, Example example) {
    tensors.put("phi_w1", example.draw("phi_w1", Shape.of(16, 6), CaseBuilder.UNIT));
    tensors.put("phi_b1", Tensor.zeros(Shape.of(16)));
    tensors.put("phi_w2", example.draw("phi_w2", Shape.of(1, 16), CaseBuilder.UNIT));
    tensors.put("phi_b2", Tensor.zeros(Shape.of(1)));
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    AttentionProblem reached = new Refinement(this, inputs, problem).reached();
    ScorePlane plane = ScorePlane.tokens(problem, inputs.var("q"), inputs.var("k"));
    Tensor before = Weights.of(plane.scores(), plane.admissible()).matrix().value();
    return (b, h, i, j) -> {
      if (KeepMask.exists(problem, b, h, i, j)) {
        String kind = causal ? "causal prefix" : "every key";
        return mode == Mode.OFF
            ? kind
            : kind + String.format(Locale.ROOT, ": %.4f before correction", before.at(b, h, i, j));
      }
      boolean added = mode == Mode.L_EQ3 && KeepMask.exists(reached, b, h, i, j);
      return added ? "correction: excluded by causality" : NOT_ATTENDED;
    };
  }
}
