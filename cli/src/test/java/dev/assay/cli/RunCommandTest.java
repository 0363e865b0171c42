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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final int N = 8;
  private static final int D = 4;
  @TempDir private Path folder = Path.of("");
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private Path file(String name, TensorFile.Builder tensors) throws IOException {
    Path path = folder.resolve(name);
    Safetensors.write(path, tensors.build());
    return path;
  }

  @Test
  void results_have_the_rank_that_the_user_gave() throws IOException {
    Path results = folder.resolve("y.safetensors");
    run(
        "run",
        "dense",
        "--in",
        file("x.safetensors", GoldenRows.sample()).toString(),
        "--out",
        results.toString());
    TensorFile y = Safetensors.read(results);
    assertEquals(Shape.of(N, D), y.shape("out"));
    assertEquals(Shape.of(N), y.shape("lse"));
    assertFalse(y.has("dq"));
  }

  @Test
  void the_layout_bshd_is_turned_there_and_back() throws IOException {
    Tensor t = Tensor.generate(Shape.of(1, 5, 2, 3), p -> Math.sin(p));
    Path in = file("x.safetensors", TensorFile.builder().put("q", t).put("k", t).put("v", t));
    Path results = folder.resolve("y.safetensors");
    assertEquals(
        ExitCode.PASS,
        run("run", "dense", "--layout", "bshd", "--in", in.toString(), "--out", results.toString()),
        err.toString());
    assertEquals(Shape.of(1, 5, 2, 3), Safetensors.read(results).shape("out"));
    assertEquals(Shape.of(1, 2, 5), Safetensors.read(results).shape("lse"));
  }

  private void refused(int code, String words, String... arguments) {
    assertEquals(code, run(arguments), err.toString());
    assertTrue(err.toString().contains(words), err.toString());
    assertFalse(Files.exists(folder.resolve("y.safetensors")));
  }

  @Test
  void gradients_without_a_cotangent_are_refused() throws IOException {
    Tensor t = Tensor.zeros(Shape.of(2, 2));
    Path in = file("x.safetensors", TensorFile.builder().put("q", t).put("k", t).put("v", t));
    String to = folder.resolve("y.safetensors").toString();
    refused(
        ExitCode.MALFORMED,
        "cotangent",
        "run",
        "dense",
        "--in",
        in.toString(),
        "--out",
        to,
        "--grad");
  }

  @Test
  void an_unknown_mechanism_or_setting_is_a_usage_error() throws IOException {
    String in = file("x.safetensors", GoldenRows.sample()).toString();
    String to = folder.resolve("y.safetensors").toString();
    refused(ExitCode.USAGE, "no mechanism", "run", "dens", "--in", in, "--out", to);
    refused(
        ExitCode.USAGE, "no setting", "run", "dense", "--set", "cap=1", "--in", in, "--out", to);
    refused(
        ExitCode.USAGE,
        "must be double",
        "run",
        "dense",
        "--set",
        "scale=x",
        "--in",
        in,
        "--out",
        to);
  }

  @Test
  void a_missing_tensor_and_a_missing_file_are_named() throws IOException {
    Path in = file("x.safetensors", TensorFile.builder().put("q", Tensor.zeros(Shape.of(2, 2))));
    String to = folder.resolve("y.safetensors").toString();
    refused(
        ExitCode.MALFORMED,
        "needs the tensor k",
        "run",
        "dense",
        "--in",
        in.toString(),
        "--out",
        to);
    refused(ExitCode.MALFORMED, "nowhere.npz", "run", "dense", "--in", "nowhere.npz", "--out", to);
  }

  @Test
  void a_folder_instead_of_a_file_is_one_sentence() {
    String to = folder.resolve("y.safetensors").toString();
    refused(
        ExitCode.MALFORMED,
        folder.toString(),
        "run",
        "dense",
        "--in",
        folder.toString(),
        "--out",
        to);
    assertEquals(1, err.toString().lines().count(), err.toString());
  }
}
