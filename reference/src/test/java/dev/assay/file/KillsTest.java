package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.train.TrainingKills;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills; {@link LongKills} makes a thousand. */
class KillsTest {
  private static final int KILLS = 25;
  private static final int SEED = 20;

  /** Of 25 kills about ten fall into a write; where none does, others follow. */
  private static final int MOST_RUNS = 4;

  @TempDir private Path place = Path.of("");

  @Test
  void a_killed_writer_leaves_whole_files_and_the_next_one_goes_on() throws Exception {
    Kills run = new Kills(place);
    for (int more = 0; more < MOST_RUNS && run.partsLeft() + run.exchangesLeft() == 0; more++) {
      run.run(KILLS, SEED + more);
    }
    assertTrue(run.partsLeft() + run.exchangesLeft() > 0, "no kill fell into a write");
  }

  @Test
  void a_training_that_is_killed_goes_on_with_the_same_bits() throws Exception {
    new TrainingKills(place).run(2, SEED);
  }
}
