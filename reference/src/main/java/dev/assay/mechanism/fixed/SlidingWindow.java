package dev.assay.mechanism.fixed;

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
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Window;
import java.util.List;

/**
 * A query meets the keys near its own position: Beltagy, Peters and Cohan, "Longformer" (2020);
 * Jiang et al., "Mistral 7B" (2023).
 *
 * <p>Cost: O(n w (d + d_v)) time for each head; twice that in both directions.
 */
public record SlidingWindow(
    @Setting(
            value = "Keys in the window on one side, the query's own included; at least 1.",
            by = "4")
        int window,
    @Setting(value = "Looks back only; otherwise the window lies on both sides.", by = "true")
        boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale,
    @Setting(
            value = "Caps logits at c as c tanh(s / c), before bias and masks; 0 for none.",
            by = "0")
        double softcap)
    implements Mechanism {
  /** Checks the settings. */
  public SlidingWindow {
    Require.positive(window, "window");
    Ranges.scale(scale);
    Ranges.softcap(softcap);
  }

  @Override
  public Card card() {
    return new Card(
        "Sliding window attention",
        "A query sees the last w keys up to its own, or w keys on each side.",
        "out_i = sum over j in [p - w + 1, p] of softmax_j(scale q_i . k_j) v_j, p = i + offset;"
            + " without causal j in [p - w + 1, p + w - 1]",
        "Beltagy, Peters and Cohan, Longformer, 2020; Jiang et al., Mistral 7B, 2023",
        "O(n w d) time, O(n w) memory for the weights",
        Card.Reach.LOCAL,
        Card.Choice.FIXED,
        Card.Timing.STATIC,
        Card.Granularity.TOKEN,
        List.of(
            "A window of w keys includes the query's own. Libraries that give inclusive distances"
                + " (left, right) mean w = left + 1; Longformer's attention_window counts both"
                + " sides, so that w = attention_window / 2 + 1.",
            "In both directions w counts each side with the query's own key:"
                + " 2 w - 1 keys together."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.BIAS, Given.MASK, Given.Q_LENS, Given.K_LENS, Given.OFFSET);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return attend(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return attend(inputs, Softmax.on(engine));
  }

  private Answer attend(Inputs inputs, Softmax softmax) {
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    return softmax.attend(problem(inputs), operands, Pairs.ALL);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs)
        .causal(causal)
        .window(new Window(window - 1, causal ? 0 : window - 1))
        .softcap(softcap)
        .givenScale(scale)
        .build();
  }

  @Override
  public List<Case> cases() {
    return SlidingWindowCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int distance = j - i - problem.offset(b);
      return distance == 0
          ? "window: its own position"
          : "window: " + Math.abs(distance) + (distance < 0 ? " before" : " after");
    };
  }
}
