package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Philox;
import dev.assay.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Kills {@link EndlessWriter} at random moments, with SIGKILL, and looks at what is left: every
 * file is a whole one, and the next writer goes on and leaves nothing of the dead one's.
 */
final class Kills {
  private static final int LONGEST_MILLIS = 40;
  private static final int NEXT = 51;

  private final Path place;
  private final Victim writer;
  private int partsLeft;
  private int exchangesLeft;

  Kills(Path place) {
    this.place = place;
    this.writer = new Victim(EndlessWriter.class, place);
  }

  /** So many kills; the seed chooses the moments. */
  void run(int kills, int seed) throws Exception {
    Philox dice = new Philox(seed, 1, 0);
    for (int kill = 0; kill < kills; kill++) {
      writer.killAfter(Integer.remainderUnsigned(dice.words(kill)[0], LONGEST_MILLIS * 1000));
      try {
        look();
      } catch (IOException | AssertionError broken) {
        throw new AssertionError("seed " + seed + ", kill " + kill + ": " + broken, broken);
      }
    }
  }

  /** How many kills left a part of a file. */
  int partsLeft() {
    return partsLeft;
  }

  /** How many kills cut an exchange off. */
  int exchangesLeft() {
    return exchangesLeft;
  }

  /** Both in words. */
  String found() {
    return "%d times a part was left, %d times an exchange".formatted(partsLeft, exchangesLeft);
  }

  private void look() throws IOException {
    String text = Files.readString(place.resolve(EndlessWriter.TEXT));
    assertEquals(EndlessWriter.text(state(text)), text);
    if (Files.exists(place.resolve(EndlessWriter.CHECKPOINT))) {
      Checkpoint read = Checkpoint.read(place.resolve(EndlessWriter.CHECKPOINT));
      assertEquals(
          read.steps(), (int) Objects.requireNonNull(read.parameters().values().get("w")).get(0));
    }
    Set<String> left = names(place);
    partsLeft += left.stream().anyMatch(name -> name.contains(".part")) ? 1 : 0;
    Path suite = place.resolve(EndlessWriter.SUITE);
    if (Files.exists(suite)) {
      boolean cut = names(suite).stream().anyMatch(name -> name.startsWith("."));
      exchangesLeft += cut ? 1 : 0;
      Exchange.repair(suite);
      whole(suite);
    }
    EndlessWriter.write(place, NEXT);
    assertEquals(
        Set.of(EndlessWriter.TEXT, EndlessWriter.CHECKPOINT, EndlessWriter.SUITE, Victim.READY),
        names(place));
    whole(suite);
  }

  private static void whole(Path suite) throws IOException {
    List<String> listed = Files.readAllLines(suite.resolve(EndlessWriter.LIST));
    Set<String> found = new TreeSet<>();
    try (Stream<Path> all = Files.walk(suite)) {
      all.filter(Files::isRegularFile).forEach(one -> found.add(suite.relativize(one).toString()));
    }
    assertEquals(new TreeSet<>(listed), found);
    for (String name : listed.subList(1, listed.size())) {
      String text = Files.readString(suite.resolve(name));
      assertEquals(EndlessWriter.text(state(text)), text);
      assertTrue(name.startsWith("cases/" + state(text) + "-"), name);
    }
  }

  private static int state(String text) {
    return Integer.parseInt(text.lines().findFirst().orElse("no number"));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      inside.forEach(one -> names.add(String.valueOf(one.getFileName())));
      return names;
    }
  }
}
