package dev.assay.file;

import dev.assay.nn.Parameters;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.train.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A program that writes a text, a checkpoint and a folder again and again until it is killed. Every
 * state is known by its number, of which all that it holds is made.
 */
final class EndlessWriter {
  static final String TEXT = "report.txt";
  static final String CHECKPOINT = "checkpoint.safetensors";
  static final String SUITE = "suite";
  static final String LIST = "files";

  private static final int STATES = 50;
  private static final int LARGEST = 1_000_000;

  private EndlessWriter() {}

  public static void main(String[] arguments) throws IOException {
    Path place = Path.of(arguments[0]);
    write(place, 0);
    Files.createFile(place.resolve(Victim.READY));
    for (int state = 1; ; state = (state + 1) % STATES) {
      write(place, state);
    }
  }

  static void write(Path place, int state) throws IOException {
    AtomicFile.write(place.resolve(TEXT), text(state));
    checkpoint(state).write(place.resolve(CHECKPOINT));
    AtomicFolder.write(place.resolve(SUITE), EndlessWriter::own, folder -> fill(folder, state));
  }

  /** A text that begins with the number of its state, and whose length depends on it. */
  static String text(int state) {
    return state + "\n" + (char) ('a' + state % 26) + "x".repeat(state * 79_193 % LARGEST);
  }

  private static Checkpoint checkpoint(int state) {
    Map<String, Tensor> values = Map.of("w", Tensor.full(Shape.of(1 + state * 37 % 900), state));
    return new Checkpoint(
        Parameters.of(1, values, Map.of()), "adam", new LinkedHashMap<>(values), state);
  }

  private static Set<String> own(Path folder) throws IOException {
    Path list = folder.resolve(LIST);
    return Files.exists(list) ? new TreeSet<>(Files.readAllLines(list)) : Set.of();
  }

  private static void fill(Path folder, int state) throws IOException {
    StringBuilder list = new StringBuilder(LIST + "\n");
    Files.createDirectories(folder.resolve("cases"));
    for (int file = 0; file <= state % 5; file++) {
      String name = "cases/" + state + "-" + file;
      Files.writeString(folder.resolve(name), text(state), StandardCharsets.UTF_8);
      list.append(name).append('\n');
    }
    Files.writeString(folder.resolve(LIST), list);
  }
}
