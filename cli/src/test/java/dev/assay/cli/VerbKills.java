package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Kills {@link VerbLoop} with SIGKILL, at moments after it has begun to write, and looks at what is
 * left: the old state or the new one as a whole, and after the next run nothing of the dead one's.
 */
final class VerbKills {
  private final Path place;
  private final KilledVerb verb;
  private final Set<String> states;
  private int kills;
  private int unfinished;

  /**
   * A verb in an empty folder.
   *
   * @param states what {@link KilledVerb#told} may say
   */
  VerbKills(Path place, KilledVerb verb, Set<String> states) {
    this.place = place;
    this.verb = verb;
    this.states = states;
  }

  /** So many kills; the seed chooses the moments. */
  void run(int count, int seed) throws IOException, InterruptedException {
    Philox dice = new Philox(seed, 3, 0);
    for (int kill = 0; kill < count; kill++) {
      killAfter(Integer.remainderUnsigned(dice.words(kill)[0], verb.micros()));
      kills++;
      unfinished += verb.unfinished(place) ? 1 : 0;
      String told = verb.told(place);
      assertTrue(states.contains(told), () -> verb + ", seed " + seed + ": neither old nor new");
    }
  }

  /** The run after the last kill. */
  void nextRun() throws IOException {
    verb.run(place, 0);
    assertFalse(verb.unfinished(place), verb + " leaves something of the dead");
    assertTrue(states.contains(verb.told(place)), verb::name);
  }

  /** Figures in words. */
  String found() {
    return "%s: %d kills, %d of them in the midst of a write".formatted(verb, kills, unfinished);
  }

  /** How many kills fell into a write. */
  int unfinished() {
    return unfinished;
  }

  private void killAfter(long micros) throws IOException, InterruptedException {
    Files.deleteIfExists(place.resolve(VerbLoop.READY));
    Process process = start();
    try {
      while (!Files.exists(place.resolve(VerbLoop.READY))) {
        assertTrue(process.isAlive(), verb + " has ended by itself: " + place.resolve("log"));
        TimeUnit.MILLISECONDS.sleep(1);
      }
      while (!verb.unfinished(place)) {
        assertTrue(process.isAlive(), verb + " has ended by itself: " + place.resolve("log"));
        TimeUnit.MICROSECONDS.sleep(50);
      }
      TimeUnit.MICROSECONDS.sleep(micros);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            VerbLoop.class.getName(),
            place.toString(),
            verb.name())
        .redirectErrorStream(true)
        .redirectOutput(place.resolve("log").toFile())
        .start();
  }
}
