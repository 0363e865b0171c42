package dev.assay.gradcheck.onnx;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The node tests of a directory. */
public final class NodeTests {
  private NodeTests() {}

  /**
   * The directory itself if it is a node test, else those of its folders that are, by name.
   *
   * @throws FormatException if it is no directory
   */
  public static List<NodeTest> in(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    if (!Files.isDirectory(directory)) {
      throw new FormatException(
          directory.toString(),
          "directory",
          "is a file: name the folder that the node tests lie in");
    }
    if (Files.exists(directory.resolve(NodeTest.MODEL))) {
      return List.of(new NodeTest(directory));
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(folder -> Files.exists(folder.resolve(NodeTest.MODEL)))
          .sorted()
          .map(NodeTest::new)
          .toList();
    }
  }

  /** Runs them all. */
  public static Verdict run(List<NodeTest> tests) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (NodeTest test : tests) {
      outcomes.add(test.run());
    }
    return new Verdict(List.copyOf(outcomes));
  }
}
