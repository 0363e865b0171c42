package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.nn.Architecture;
import dev.assay.nn.LanguageModel;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final int VOCABULARY = 6;

  @TempDir private Path folder = Path.of("");

  private static Mechanism dense() {
    return Settings.make(Dense.class, Settings.parse(List.of("causal=true")));
  }

  /** Sequences that count upwards: a model can learn them quickly. */
  private static int[][] batch(int step) {
    Philox generator = new Philox(3, 0, step);
    int[][] ids = new int[4][5];
    for (int b = 0; b < 4; b++) {
      for (int t = 0; t < 5; t++) {
        ids[b][t] = (generator.uniform16(b) + t) % VOCABULARY;
      }
    }
    return ids;
  }

  private static Objective<int[][]> counting(Mechanism mechanism) {
    LanguageModel model = new LanguageModel(Architecture.of(mechanism, 1, 8, 2), VOCABULARY, false);
    return (scope, ids) -> {
      int[] targets = new int[20];
      for (int p = 0; p < 20; p++) {
        targets[p] = (ids[p / 5][p % 5] + 1) % VOCABULARY;
      }
      return Loss.crossEntropy(model.logits(scope, ids), targets);
    };
  }

  private static Training training() {
    return Training.of(Adam.decoupled(0.01), Schedule.constant(0.01)).withDropout(0.1);
  }

  @Test
  void a_model_learns_to_count() {
    Trainer<int[][]> trainer = new Trainer<>(counting(dense()), Parameters.drawn(1), training());
    double before = trainer.loss(batch(1000));
    for (int step = 0; step < 40; step++) {
      trainer.step(batch(step));
    }
    assertTrue(trainer.loss(batch(1000)) < before / 2, "from " + before);
    assertEquals(40, trainer.steps());
  }

  @Test
  void a_run_that_goes_on_from_a_checkpoint_has_the_bits_of_one_that_never_stopped()
      throws IOException {
    Path file = folder.resolve("model.safetensors");
    Trainer<int[][]> whole = new Trainer<>(counting(dense()), Parameters.drawn(1), training());
    for (int step = 0; step < 3; step++) {
      whole.step(batch(step));
    }
    Checkpoint.of(whole).write(file);
    Trainer<int[][]> resumed = Checkpoint.read(file).resume(counting(dense()), training());
    for (int step = 3; step < 6; step++) {
      assertEquals(whole.step(batch(step)), resumed.step(batch(step)));
    }
    assertEquals(whole.parameters().values().keySet(), resumed.parameters().values().keySet());
    whole
        .parameters()
        .values()
        .forEach((name, value) -> assertTrue(value.bitEquals(resumed.parameters().get(name))));
  }

  @Test
  void a_checkpoint_goes_on_with_its_own_optimiser_only() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Trainer<int[][]> trainer = new Trainer<>(counting(dense()), Parameters.drawn(1), training());
    trainer.step(batch(0));
    Checkpoint.of(trainer).write(file);
    Checkpoint read = Checkpoint.read(file);
    Training other = Training.of(new Sgd(0), Schedule.constant(1));
    assertThrows(IllegalArgumentException.class, () -> read.resume(counting(dense()), other));
  }

  @Test
  void a_file_of_tensors_alone_is_no_checkpoint() throws IOException {
    Path file = folder.resolve("other.safetensors");
    Safetensors.write(file, TensorFile.builder().put("w", Tensor.zeros(Shape.of(1))).build());
    assertThrows(FormatException.class, () -> Checkpoint.read(file));
  }

  @Test
  void frozen_parameters_keep_their_bits() {
    Parameters parameters = Parameters.drawn(1);
    Trainer<int[][]> trainer =
        new Trainer<>(
            counting(dense()), parameters, training().with(Freezing.of("*.w_q", "head.*")));
    trainer.loss(batch(0));
    Tensor frozen = parameters.get("block0.attention.w_q");
    Tensor free = parameters.get("block0.attention.w_k");
    trainer.step(batch(0));
    assertTrue(frozen.bitEquals(parameters.get("block0.attention.w_q")));
    assertTrue(!free.bitEquals(parameters.get("block0.attention.w_k")));
  }

  @Test
  void a_term_of_the_gates_turns_them_down() {
    Mechanism gated =
        Settings.make(HeadGate.class, Settings.parse(List.of("mode=SOFT_TRAIN", "causal=true")));
    double[] offsets = new double[2];
    for (int run = 0; run < 2; run++) {
      Training plain = Training.of(Adam.plain(), Schedule.constant(0.02));
      Training used = run == 0 ? plain : plain.with(Auxiliary.sparsity().weighted(10));
      Trainer<int[][]> trainer = new Trainer<>(counting(gated), Parameters.drawn(1), used);
      for (int step = 0; step < 10; step++) {
        trainer.step(batch(step));
      }
      offsets[run] = trainer.parameters().get("block0.attention.b_gate").get(0);
    }
    assertTrue(offsets[1] < offsets[0] - 0.05, offsets[0] + " " + offsets[1]);
  }

  @Test
  void a_term_that_has_nothing_to_look_at_is_refused() {
    Training terms = training().with(Auxiliary.budget(0.5));
    Trainer<int[][]> trainer = new Trainer<>(counting(dense()), Parameters.drawn(1), terms);
    assertThrows(IllegalArgumentException.class, () -> trainer.step(batch(0)));
  }
}
