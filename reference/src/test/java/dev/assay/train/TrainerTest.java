package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void a_model_learns_to_count() {
    Trainer<int[][]> trainer =
        new Trainer<>(Counting.objective(), Parameters.drawn(1), Counting.training());
    double before = trainer.loss(Counting.batch(1000));
    for (int step = 0; step < 40; step++) {
      trainer.step(Counting.batch(step));
    }
    assertTrue(trainer.loss(Counting.batch(1000)) < before / 2, "from " + before);
    assertEquals(40, trainer.steps());
  }

  @Test
  void a_run_that_goes_on_from_a_checkpoint_has_the_bits_of_one_that_never_stopped()
      throws IOException {
    Path file = folder.resolve("model.safetensors");
    Trainer<int[][]> whole =
        new Trainer<>(Counting.objective(), Parameters.drawn(1), Counting.training());
    for (int step = 0; step < 3; step++) {
      whole.step(Counting.batch(step));
    }
    Checkpoint.of(whole).write(file);
    Trainer<int[][]> resumed =
        Checkpoint.read(file).resume(Counting.objective(), Counting.training());
    for (int step = 3; step < 6; step++) {
      assertEquals(whole.step(Counting.batch(step)), resumed.step(Counting.batch(step)));
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
    Trainer<int[][]> trainer =
        new Trainer<>(Counting.objective(), Parameters.drawn(1), Counting.training());
    trainer.step(Counting.batch(0));
    Checkpoint.of(trainer).write(file);
    Checkpoint read = Checkpoint.read(file);
    Training other = Training.of(new Sgd(0), Schedule.constant(1));
    assertThrows(IllegalArgumentException.class, () -> read.resume(Counting.objective(), other));
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
            Counting.objective(),
            parameters,
            Counting.training().with(Freezing.of("*.w_q", "head.*")));
    trainer.loss(Counting.batch(0));
    Tensor frozen = parameters.get("block0.attention.w_q");
    Tensor free = parameters.get("block0.attention.w_k");
    trainer.step(Counting.batch(0));
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
      Trainer<int[][]> trainer =
          new Trainer<>(Counting.objective(gated), Parameters.drawn(1), used);
      for (int step = 0; step < 10; step++) {
        trainer.step(Counting.batch(step));
      }
      offsets[run] = trainer.parameters().get("block0.attention.b_gate").get(0);
    }
    assertTrue(offsets[1] < offsets[0] - 0.05, offsets[0] + " " + offsets[1]);
  }

  @Test
  void a_term_that_has_nothing_to_look_at_is_refused() {
    Training terms = Counting.training().with(Auxiliary.budget(0.5));
    Trainer<int[][]> trainer = new Trainer<>(Counting.objective(), Parameters.drawn(1), terms);
    assertThrows(IllegalArgumentException.class, () -> trainer.step(Counting.batch(0)));
  }
}
