package dev.assay.gradcheck.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The node tests that lie beside the tests, and copies of them to break. */
final class Samples {
  static final Path FOLDER = Path.of("src/test/resources/onnx");

  private Samples() {}

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(file -> file.toString().matches(".*\\.(onnx|pb)")).sorted().toList();
    }
  }

  /** A copy of one sample, to be broken. */
  static NodeTest copy(String name, Path into) throws IOException {
    Path from = FOLDER.resolve(name);
    Path to = into.resolve(name);
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.resolveSibling("."));
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return new NodeTest(to);
  }
}
