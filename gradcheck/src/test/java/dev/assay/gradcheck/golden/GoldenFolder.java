package dev.assay.gradcheck.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The suite's folder in the source tree, and copies of it that a test may spoil. */
final class GoldenFolder {
  static final Path SOURCE = Path.of("..", "testdata", "goldens", "v1");

  private GoldenFolder() {}

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static Path copy(Path to) throws IOException {
    for (Path file : files(SOURCE)) {
      Path copy = to.resolve(SOURCE.relativize(file).toString());
      Files.createDirectories(copy.resolveSibling(""));
      Files.copy(file, copy);
    }
    return to;
  }

  static String text(String name) {
    try {
      return Files.readString(SOURCE.resolve(name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
