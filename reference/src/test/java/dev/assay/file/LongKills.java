package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.train.TrainingKills;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many kills. It is no part of the normal build: {@code mvn -Pkills test -pl reference -am
 * -Dassay.kills=1000} runs it, with a seed for each 25 kills from 1 on, and writes {@code
 * reference/target/kills.txt} and {@code kills-training.txt}.
 */
class LongKills {
  private static final int FOR_EACH_SEED = 25;

  /** One kill of a training for so many of a writer: a training starts slowly. */
  private static final int FOR_EACH_TRAINING = 10;

  @TempDir private Path place = Path.of("");

  @Test
  void many_killed_writers_leave_whole_files() throws Exception {
    int seeds = Integer.getInteger("assay.kills", 1000) / FOR_EACH_SEED;
    Kills run = new Kills(place);
    for (int seed = 1; seed <= seeds; seed++) {
      run.run(FOR_EACH_SEED, seed);
      String record =
          "%d kills, seeds 1 to %d: %s%n".formatted(seed * FOR_EACH_SEED, seed, run.found());
      AtomicFile.write(Path.of("target", "kills.txt"), record);
    }
    assertTrue(run.partsLeft() > 0, "no kill fell into the write of a file: " + run.found());
    assertTrue(run.exchangesLeft() > 0, "no kill fell into an exchange: " + run.found());
  }

  @Test
  void a_training_that_is_killed_again_and_again_has_the_bits_of_one_that_was_not()
      throws Exception {
    int kills = Integer.getInteger("assay.kills", 1000) / FOR_EACH_TRAINING;
    TrainingKills run = new TrainingKills(place);
    run.run(kills, 1);
    AtomicFile.write(
        Path.of("target", "kills-training.txt"),
        "%d kills of a training, seed 1: %d times a part was left, the bits are those of one that was never killed%n"
            .formatted(kills, run.partsLeft()));
  }
}
