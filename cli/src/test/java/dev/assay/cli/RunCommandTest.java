package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final int N = 8;
  private static final int D = 4;
  private static final Tolerance TEN_DECIMALS =
      new Tolerance(1e-9, 0, "another program's numbers, printed with ten decimals");

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

  /** The inputs of the sample: sines of the indices, and the cotangent of S2. */
  private static TensorFile.Builder sample() {
    Shape shape = Shape.of(N, D);
    return TensorFile.builder()
        .put("q", Tensor.generate(shape, p -> Math.sin(1 + .7 * row(p) + 1.3 * (p % D))))
        .put("k", Tensor.generate(shape, p -> key(row(p), p % D)))
        .put("v", Tensor.generate(shape, p -> Math.sin(.3 + 1.1 * row(p) - .6 * (p % D))))
        .put("d_out", Tensor.generate(shape, p -> Math.cos(row(p) + 2.0 * (p % D))));
  }

  private static int row(int p) {
    return p / D;
  }

  private static double key(int i, int t) {
    return Math.cos(.5 + .9 * i + .4 * t + .1 * i * t);
  }

  private static double weighted(Tensor t, double stepI, double stepT) {
    double sum = 0;
    for (int p = 0; p < t.size(); p++) {
      sum += Math.cos(stepI * row(p) + stepT * (p % D)) * t.get(p);
    }
    return sum;
  }

  private void reproduces(double[] row, String... arguments) throws IOException {
    Path results = folder.resolve("y.safetensors");
    Path in = file("x.safetensors", sample());
    String[] all = new String[arguments.length + 6];
    all[0] = "run";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    List<String> rest = List.of("--in", in.toString(), "--out", results.toString(), "--grad");
    for (int a = 0; a < rest.size(); a++) {
      all[arguments.length + 1 + a] = rest.get(a);
    }
    assertEquals(ExitCode.PASS, run(all), err.toString());
    TensorFile y = Safetensors.read(results);
    Tensor o = y.tensor("out");
    double s1 = 0;
    for (int p = 0; p < o.size(); p++) {
      s1 += o.get(p);
    }
    double[] found = {
      s1,
      weighted(o, 1, 2),
      o.at(5, 2),
      weighted(y.tensor("dq"), .3, 1),
      weighted(y.tensor("dk"), .3, 1),
      weighted(y.tensor("dv"), .3, 1)
    };
    for (int c = 0; c < row.length; c++) {
      assertTrue(TEN_DECIMALS.accepts(found[c], row[c]), "column " + c + ": " + found[c]);
    }
  }

  @Test
  void dense_attention_gives_the_numbers_of_a_separate_program() throws IOException {
    reproduces(
        new double[] {
          1.0434565196, -1.0744821145, 0.0213478541, -0.1978391249, 0.1286100843, 1.0509881320
        },
        "dense");
  }

  @Test
  void block_local_attention_gives_the_numbers_of_a_separate_program() throws IOException {
    reproduces(
        new double[] {
          -0.7041201139, -0.9207519805, 0.0213478541, -0.2626909090, 0.1914258852, 0.3718709866
        },
        "hierarchical-chunking",
        "--set",
        "sizeRule=FIXED",
        "--set",
        "size=3");
  }

  @Test
  void the_scalar_engine_gives_the_same() throws IOException {
    reproduces(
        new double[] {
          1.0434565196, -1.0744821145, 0.0213478541, -0.1978391249, 0.1286100843, 1.0509881320
        },
        "dense",
        "--engine",
        "scalar");
  }

  @Test
  void results_have_the_rank_that_the_user_gave() throws IOException {
    Path results = folder.resolve("y.safetensors");
    run(
        "run",
        "dense",
        "--in",
        file("x.safetensors", sample()).toString(),
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
    String in = file("x.safetensors", sample()).toString();
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
