package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Distillation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.selected.DeepseekSparseAttention.Stage;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What trains the gates has the gradient that differences of it show. */
class LossGradientTest {
  private static final double STEP = 1e-5;

  /** Central differences err by the square of the step, times a third derivative of a few units. */
  private static final double ERROR = 1e-8;

  @Test
  void the_loss_of_the_prefill_gate() {
    SeerAttention seer = Settings.make(SeerAttention.class, Map.of("block", "2"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate_k", LawSubject.draw("w_gate_k", Shape.of(2, 6, 2)));
    check(seer, tensors, "w_gate_k", inputs -> seer.loss(inputs, Distillation.BY_ROWS));
  }

  @Test
  void the_loss_of_the_decode_gate() {
    SeerAttentionR seer = Settings.make(SeerAttentionR.class, Map.of("block", "2"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate_k", LawSubject.draw("w_gate_k", Shape.of(1, 6, 2)));
    tensors.put("w_gate_q", LawSubject.draw("w_gate_q", Shape.of(1, 2, 2, 2)));
    tensors.put("q_norm", LawSubject.draw("q_norm", Shape.of(2)));
    for (String name : List.of("w_gate_k", "w_gate_q", "q_norm")) {
      check(seer, tensors, name, inputs -> seer.loss(inputs, Distillation.BY_ROWS));
    }
  }

  @Test
  void the_losses_of_the_indexer() {
    DeepseekSparseAttention dsa = Settings.make(DeepseekSparseAttention.class, Map.of("topK", "3"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("q_index", LawSubject.draw("q_index", Shape.of(1, 3, 7, 4)));
    tensors.put("k_index", LawSubject.draw("k_index", Shape.of(1, 1, 7, 4)));
    tensors.put("w_index", LawSubject.draw("w_index", Shape.of(1, 3, 7)));
    for (Stage stage : Stage.values()) {
      for (String name : List.of("q_index", "k_index", "w_index")) {
        check(dsa, tensors, name, inputs -> dsa.loss(inputs, stage, Distillation.BY_ROWS));
      }
    }
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = Checked.tensors(2, 1, 7, 2);
    Tensor k = Results.get(tensors, "k");
    tensors.put("k_gate", Tensor.generate(k.shape(), p -> 2 * k.get(p)));
    return tensors;
  }

  private static void check(
      Mechanism mechanism, Map<String, Tensor> given, String name, Function<Inputs, Var> loss) {
    Map<String, Tensor> tensors = new HashMap<>(given);
    Tensor at = Results.get(tensors, name);
    Tape tape = new Tape();
    Inputs inputs = Inputs.on(tape, mechanism, tensors);
    Var one = tape.leaf("one", Tensor.scalar(1));
    Var value = loss.apply(inputs);
    Tensor gradient =
        Gradient.of(List.of(value), List.of(one), List.of(inputs.var(name))).getFirst().value();
    double largest = 0;
    for (int p = 0; p < at.size(); p++) {
      double up = moved(mechanism, tensors, name, p, STEP, loss);
      double down = moved(mechanism, tensors, name, p, -STEP, loss);
      assertEquals((up - down) / (2 * STEP), gradient.get(p), ERROR, name + "[" + p + "]");
      largest = Math.max(largest, Math.abs(gradient.get(p)));
    }
    assertTrue(largest > 0, name + " learns nothing");
  }

  private static double moved(
      Mechanism mechanism,
      Map<String, Tensor> tensors,
      String name,
      int element,
      double by,
      Function<Inputs, Var> loss) {
    Map<String, Tensor> other = new HashMap<>(tensors);
    Tensor at = Results.get(tensors, name);
    other.put(name, Tensor.generate(at.shape(), p -> at.get(p) + (p == element ? by : 0)));
    return loss.apply(Inputs.on(new Tape(), mechanism, other)).value().get(0);
  }
}
