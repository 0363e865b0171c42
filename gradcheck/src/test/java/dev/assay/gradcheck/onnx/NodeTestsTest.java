package dev.assay.gradcheck.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTestsTest {
  private static final Path ALL = Path.of("../../shared/data/onnx-attention-nodes/node");

  @TempDir private Path folder = Path.of("");

  @Test
  void the_samples_pass_and_a_graph_attribute_is_not_supported() throws IOException {
    Verdict verdict = NodeTests.run(NodeTests.in(Samples.FOLDER));
    assertEquals("10 passed, 0 failed, 1 not supported", verdict.counts());
  }

  @Test
  void every_published_case_without_a_graph_attribute_passes() throws IOException {
    assumeTrue(Files.isDirectory(ALL), "skipped: " + ALL + " is not there");
    Verdict verdict = NodeTests.run(NodeTests.in(ALL));
    assertEquals("68 passed, 0 failed, 2 not supported", verdict.counts());
    Set<String> beyond =
        verdict.outcomes().stream()
            .filter(Outcome.NotSupported.class::isInstance)
            .map(outcome -> ((Outcome.NotSupported) outcome).operator())
            .collect(Collectors.toSet());
    assertEquals(Set.of("ai.onnx.preview.FlexAttention"), beyond);
  }

  @Test
  void a_folder_of_one_test_is_that_test() throws IOException {
    assertEquals(1, NodeTests.in(Samples.FOLDER.resolve("test_attention_4d")).size());
  }

  @Test
  void a_folder_without_tests_has_none() throws IOException {
    assertEquals(
        "0 passed, 0 failed, 0 not supported", NodeTests.run(NodeTests.in(folder)).counts());
  }

  @Test
  void a_missing_folder_is_named() {
    assertThrows(NoSuchFileException.class, () -> NodeTests.in(folder.resolve("nowhere")));
  }

  @Test
  void a_file_is_no_folder_of_tests() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "x");
    assertThrows(FormatException.class, () -> NodeTests.in(file));
  }
}
