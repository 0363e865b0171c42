package dev.assay.mechanism.linear;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * Causal linear attention as a recurrence over a state S, without a denominator: Katharopoulos et
 * al., "Transformers are RNNs" (2020); Yang et al., "Gated linear attention transformers with
 * hardware-efficient training" (2023); Schlag, Irie and Schmidhuber, "Linear transformers are
 * secretly fast weight programmers" (2021); Yang, Kautz and Hatamizadeh, "Gated delta networks"
 * (2024). All four rules are the operator LinearAttention of ONNX.
 *
 * <p>Cost: O(n d d_v) time for each head, O(d d_v) memory for the state.
 */
public record LinearRecurrence(
    @Setting(value = "How a token changes the state.", by = "GATED_DELTA") Rule rule,
    @Setting(value = "What the tensor decay holds.", by = "FACTOR") Decay decayAs,
    @Setting(value = "How keys and queries enter.", by = "AS_GIVEN") Keys keys,
    @Setting(value = "Factor of the output; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** What the tensor decay holds. */
  public enum Decay {
    /** The factors a in (0, 1] that the rows of the state are multiplied with. */
    FACTOR,
    /** Their natural logarithms, as in ONNX and in most kernels: a = e^decay. */
    LOG
  }

  /** How keys and queries enter. */
  public enum Keys {
    /** As they are: features and norms are the caller's. */
    AS_GIVEN,
    /** Divided by {@code sqrt(|x|^2 + 1e-6)}, as delta networks do to keep the state bounded. */
    UNIT
  }

  /** Checks the scale. */
  public LinearRecurrence {
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return LinearRecurrenceCard.CARD;
  }

  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "decay",
            "[B, H_kv, n, d|1]",
            Kind.INPUT,
            false,
            "Factors of the rows of the state, or their logarithms; the gated rules need it."),
        new TensorSpec(
            "beta",
            "[B, H_kv|1, n]",
            Kind.INPUT,
            false,
            "How far a token moves the state towards its value; the delta rules need it."),
        new TensorSpec(
            "past_state",
            "[B, H_kv, d, d_v]",
            Kind.INPUT,
            false,
            "The state before the first token; 0 if absent."),
        Given.Q_LENS,
        Given.K_LENS);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return Answer.of(run(inputs).out(), null);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return Answer.of(operands(inputs).on(engine), null);
  }

  /**
   * Output and last state, by ops: what a decoder that goes on from here has to keep.
   *
   * @param inputs as {@link #define} gets them
   */
  public Run run(Inputs inputs) {
    return operands(inputs).byOps();
  }

  /**
   * What a recurrence gives.
   *
   * @param out [B, H, n, d_v]
   * @param state [B, H_kv, d, d_v]
   */
  public record Run(Var out, Var state) {}

  private Recurrence operands(Inputs inputs) {
    require(inputs, "decay", rule.decays());
    require(inputs, "beta", rule.steps());
    return Recurrence.of(this, inputs);
  }

  private void require(Inputs inputs, String name, boolean wanted) {
    Require.argument(
        inputs.has(name) == wanted,
        "the rule %s %s: %s",
        rule,
        wanted ? "needs the tensor " + name : "has no place for a " + name,
        wanted ? "give it, or choose another rule" : "leave it out, or choose another rule");
  }

  @Override
  public List<Case> cases() {
    return LinearRecurrenceCases.all();
  }

  /** Decays above 0.75, and steps about 0.3. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    Shape rows = Shape.of(1, example.heads(), example.tokens());
    if (rule.decays()) {
      Philox generator = new Philox(example.seed(), Case.stream("decay"), 0);
      Shape shape = Shape.of(1, example.heads(), example.tokens(), example.depth());
      tensors.put(
          "decay",
          decayAs == Decay.LOG
              ? LinearRecurrenceCases.logarithms(generator, shape)
              : LinearRecurrenceCases.factors(generator, shape));
    }
    if (rule.steps()) {
      Philox generator = new Philox(example.seed(), Case.stream("beta"), 0);
      tensors.put("beta", LinearRecurrenceCases.steps(generator, rows));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    Recurrence recurrence = operands(inputs);
    return (b, h, i, j) -> {
      if (j > i || i >= recurrence.length(b)) {
        return NOT_ATTENDED;
      }
      return i == j ? "state: its own token" : "state: " + (i - j) + " steps ago";
    };
  }
}
