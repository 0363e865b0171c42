package dev.assay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where real data lies: shared by the trainings on it. */
final class TrainData {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "../shared/data",
      description = "Folder of the data sets (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("");

  /**
   * A file of a data set.
   *
   * @throws Absent if it is not there
   */
  Path file(String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw new Absent(
          "skipped: %s is not there; --data names the folder of the data sets".formatted(file));
    }
    return file;
  }

  /** The files of a data set whose names begin so, by name. */
  List<Path> files(String set, String beginning) throws IOException {
    try (Stream<Path> all = Files.list(file(set))) {
      List<Path> found =
          all.filter(file -> String.valueOf(file.getFileName()).startsWith(beginning))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new Absent("skipped: %s has no %s files".formatted(folder.resolve(set), beginning));
      }
      return found;
    }
  }
}
