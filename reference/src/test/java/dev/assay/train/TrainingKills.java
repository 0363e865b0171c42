package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Victim;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A training that is killed and goes on from its checkpoint, again and again: in the end it has the
 * bits of one that was never disturbed.
 */
public final class TrainingKills {
  private static final int LONGEST_MICROS = 40_000;

  private final Path place;
  private int partsLeft;

  /** A training in an empty folder. */
  public TrainingKills(Path place) {
    this.place = place;
  }

  /** So many kills; the seed chooses the moments. */
  public void run(int kills, int seed) throws IOException, InterruptedException {
    Philox dice = new Philox(seed, 2, 0);
    Victim training = new Victim(EndlessTraining.class, place);
    for (int kill = 0; kill < kills; kill++) {
      training.killAfter(Integer.remainderUnsigned(dice.words(kill)[0], LONGEST_MICROS));
      partsLeft += names().stream().anyMatch(name -> name.contains(".part")) ? 1 : 0;
      assertTrue(EndlessTraining.resumed(place).steps() > kill, "seed " + seed + ", kill " + kill);
    }
    compare();
  }

  /** How many kills cut the writing of a checkpoint off. */
  public int partsLeft() {
    return partsLeft;
  }

  private void compare() throws IOException {
    Trainer<int[][]> resumed = EndlessTraining.resumed(place);
    Trainer<int[][]> whole =
        new Trainer<>(Counting.objective(), Parameters.drawn(1), Counting.training());
    while (whole.steps() < resumed.steps()) {
      whole.step(Counting.batch(whole.steps()));
    }
    // The next write takes away what the dead have left.
    Path file = place.resolve(EndlessTraining.CHECKPOINT);
    byte[] left = Files.readAllBytes(file);
    Checkpoint.of(whole).write(file);
    assertEquals(-1, Files.mismatch(file, Files.write(place.resolve("left"), left)));
    Files.delete(place.resolve("left"));
    assertEquals(List.of(EndlessTraining.CHECKPOINT, Victim.READY), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> inside = Files.list(place)) {
      return inside.map(one -> String.valueOf(one.getFileName())).sorted().toList();
    }
  }
}
