package dev.assay.train;

import dev.assay.file.Victim;
import dev.assay.nn.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that goes on with a training from its checkpoint, a file a step, until it is killed.
 */
final class EndlessTraining {
  static final String CHECKPOINT = "model.safetensors";

  private EndlessTraining() {}

  public static void main(String[] arguments) throws IOException {
    Path place = Path.of(arguments[0]);
    Trainer<int[][]> trainer = resumed(place);
    step(trainer, place);
    Files.createFile(place.resolve(Victim.READY));
    while (true) {
      step(trainer, place);
    }
  }

  /** From the checkpoint, or from the beginning if there is none. */
  static Trainer<int[][]> resumed(Path place) throws IOException {
    Path file = place.resolve(CHECKPOINT);
    return Files.exists(file)
        ? Checkpoint.read(file).resume(Counting.objective(), Counting.training())
        : new Trainer<>(Counting.objective(), Parameters.drawn(1), Counting.training());
  }

  private static void step(Trainer<int[][]> trainer, Path place) throws IOException {
    trainer.step(Counting.batch(trainer.steps()));
    Checkpoint.of(trainer).write(place.resolve(CHECKPOINT));
  }
}
