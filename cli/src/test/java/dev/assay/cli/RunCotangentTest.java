package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cotangents {@code assay run} takes: none is left unread without a word. */
class RunCotangentTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(TensorFile.Builder tensors, String... more) throws IOException {
    Path in = folder.resolve("x.safetensors");
    Safetensors.write(in, tensors.build());
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(more));
    all.addAll(List.of("--in", in.toString(), "--out", folder.resolve("y.safetensors").toString()));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private static TensorFile.Builder tensors() {
    Tensor x = Tensor.generate(Shape.of(1, 2, 6, 4), p -> Math.sin(p));
    return TensorFile.builder()
        .put("q", x)
        .put("k", x)
        .put("v", x)
        .put("w_gate", Tensor.generate(Shape.of(2, 8), p -> Math.cos(p)))
        .put("gate_logit", Tensor.zeros(Shape.of(1)))
        .put("d_lse", Tensor.full(Shape.of(1, 2, 6), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "head-gate",
        "hierarchical-chunking --set combination=SUM",
        "hierarchical-chunking --set combination=GATED",
        "hierarchical-chunking --set combination=SEQUENTIAL",
        "head-gate --engine scalar"
      })
  void a_cotangent_of_a_log_sum_exp_that_there_is_not_is_refused(String words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.add("--grad");
    assertEquals(
        ExitCode.MALFORMED, run(tensors(), arguments.toArray(String[]::new)), err.toString());
    assertTrue(err.toString().contains("d_lse cannot have a meaning"), err.toString());
    assertFalse(Files.exists(folder.resolve("y.safetensors")));
  }

  @Test
  void it_is_refused_beside_a_cotangent_of_the_output_too() throws IOException {
    TensorFile.Builder both = tensors().put("d_out", Tensor.full(Shape.of(1, 2, 6, 4), 1));
    assertEquals(ExitCode.MALFORMED, run(both, "head-gate", "--grad"), err.toString());
  }

  @Test
  void it_is_taken_where_there_is_a_log_sum_exp() throws IOException {
    assertEquals(ExitCode.PASS, run(tensors(), "hierarchical-chunking", "--grad"), err.toString());
    assertTrue(Safetensors.read(folder.resolve("y.safetensors")).has("dq"));
  }

  @Test
  void without_gradients_no_cotangent_is_asked_for() throws IOException {
    assertEquals(ExitCode.PASS, run(tensors(), "head-gate"), err.toString());
  }
}
