package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One element of the suite in words and numbers. */
class ExplainElementTest {
  private static final String NAME = "basic/window-both-sides";

  @TempDir private Path folder = Path.of("");

  @Test
  void an_element_has_its_value_its_radius_its_bound_by_terms_and_its_pairs() {
    Ran.assay("explain", NAME + "[dq,0,0,3,1]", "--class", "f32-flash")
        .is(
            ExitCode.PASS,
            NAME + " dq at (b 0, h 0, q 3, channel 1), f32-flash",
            "every right kernel lies within",
            "scores, in products and exponents (uS)",
            "sums over keys or queries (uAcc)",
            "dS = p (dP-delta)",
            "dq = scale sum dS k");
  }

  @Test
  void what_was_handed_in_is_held_against_the_bound() throws IOException {
    GoldenCase golden = Suite.load().find(NAME);
    Files.createDirectories(folder.resolve("basic"));
    TensorFile.Builder file = TensorFile.builder();
    for (Map.Entry<String, Tensor> one : golden.expect().entrySet()) {
      double factor = one.getKey().equals("out") ? 1.5 : 1;
      Tensor right = one.getValue();
      file.put(one.getKey(), Tensor.generate(right.shape(), p -> factor * right.get(p)));
    }
    Safetensors.write(folder.resolve(NAME + ".safetensors"), file.build());
    Ran ran =
        Ran.assay(
            "explain", NAME + "[out,0,0,3,1]", "--class", "f64", "--results", folder.toString());
    ran.is(ExitCode.PASS, "result", "of the bound", "verdict failed");
    assertTrue(ran.out().contains("out = sum p v"), ran.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic/window-both-sides[dq]|lies outside of dq, whose shape is",
        "basic/window-both-sides[dq,0,0,999,0]|lies outside of dq",
        "basic/window-both-sides[dx,0]|dx is no result of basic/window-both-sides",
        "basic/window-both-sides[dq;0]|names no element: write CASE[tensor,index,...]",
      })
  void what_names_no_element_is_refused_in_a_sentence(String word, String sentence) {
    Ran.assay("explain", word).is(ExitCode.USAGE, sentence);
  }

  @Test
  void an_equal_infinity_is_equal() throws IOException {
    GoldenCase golden = Suite.load().find("special/future-keys-nan");
    Path file = folder.resolve(golden.name() + ".safetensors");
    Files.createDirectories(file.resolveSibling(""));
    TensorFile.Builder results = TensorFile.builder();
    golden.expect().forEach((name, right) -> results.put(name, right));
    Safetensors.write(file, results.build());
    Ran.assay("explain", golden.name() + "[lse,0,0,0]", "--results", folder.toString())
        .is(ExitCode.PASS, "result  -Infinity", "equal", "verdict passed");
  }

  @Test
  void options_of_the_other_kind_are_refused() {
    Ran.assay("explain", NAME + "[out,0,0,3,1]", "--row", "1").is(ExitCode.USAGE, "--row is for");
    Ran.assay("explain", "dense", "--row", "1", "--class", "f64")
        .is(ExitCode.USAGE, "--class and --results are for an element");
  }

  @Test
  void the_example_of_the_help_is_an_element() {
    Ran.assay("explain", "dense/square[out,0,0,5,2]").is(ExitCode.PASS, "dense/square out at");
  }

  @Test
  void a_mechanism_needs_a_row() {
    Ran.assay("explain", "dense").is(ExitCode.USAGE, "--row is missing: say which query of dense");
  }
}
