package dev.assay.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real data sets, where somebody has put them beside the project. */
final class SharedData {
  private SharedData() {}

  /** A file of a data set; the test is skipped where it is not there. */
  static Path file(String name) {
    Path file = Path.of("..", "..", "shared", "data").resolve(name);
    assumeTrue(Files.exists(file), "skipped: " + name + " is not there");
    return file;
  }
}
