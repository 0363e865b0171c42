package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.wiring.Function;
import dev.assay.wiring.Functions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers through the verb run: names, layouts, comparisons, refusals. */
class RunLayerTest {
  private static final Tensor TOKENS = numbers(Shape.of(2, 5, 4), 1);

  @TempDir private Path folder = Path.of("");
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  private static Tensor numbers(Shape shape, int seed) {
    return Tensor.generate(shape, p -> Math.sin(seed + 1.7 * p));
  }

  private static Tensor identity() {
    return Tensor.generate(Shape.of(4, 4), p -> p / 4 == p % 4 ? 1 : 0);
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(Arrays.asList(arguments));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private String file(String name, TensorFile.Builder tensors) throws IOException {
    Path path = folder.resolve(name);
    Safetensors.write(path, tensors.build());
    return path.toString();
  }

  private String results() {
    return folder.resolve("y.safetensors").toString();
  }

  private static TensorFile.Builder multiHead(Tensor x) {
    return TensorFile.builder()
        .put("x", x)
        .put("layer.0.in_proj_weight", numbers(Shape.of(12, 4), 2))
        .put("layer.0.in_proj_bias", numbers(Shape.of(12), 3))
        .put("layer.0.out_proj.weight", numbers(Shape.of(4, 4), 4));
  }

  private Tensor out(String name) throws IOException {
    return Safetensors.read(Path.of(results())).tensor(name);
  }

  @Test
  void tokens_may_come_time_first_and_go_back_so() throws IOException {
    String[] layer = {"torch-mha", "--with", "heads=2", "--map", "layer\\.0\\.(.*)=$1"};
    List<String> plain = new ArrayList<>(List.of(layer));
    plain.addAll(List.of("--in", file("x.safetensors", multiHead(TOKENS)), "--out", results()));
    assertEquals(ExitCode.PASS, run(plain.toArray(String[]::new)), err.toString());
    Tensor batchFirst = out("out");
    Tensor turned = Layout.permuted(TOKENS, 1, 0, 2);
    List<String> other = new ArrayList<>(List.of(layer));
    other.addAll(List.of("--in", file("t.safetensors", multiHead(turned)), "--layout", "sbhd"));
    other.addAll(List.of("--out", results()));
    assertEquals(ExitCode.PASS, run(other.toArray(String[]::new)), err.toString());
    assertTrue(batchFirst.bitEquals(Layout.permuted(out("out"), 1, 0, 2)));
  }

  /** With projections that change nothing it is the attention of the heads themselves. */
  @Test
  void informers_layer_is_its_attention_between_projections() throws IOException {
    TensorFile.Builder layer = TensorFile.builder().put("x", TOKENS);
    for (String name : List.of("query", "key", "value", "out")) {
      layer.put(name + "_projection.weight", identity());
    }
    Tensor sampled = Tensor.generate(Shape.of(5, 2), p -> (3 * p) % 5);
    layer.put("index_sample", sampled);
    String[] more = {"--set", "factor=1", "--out", results()};
    List<String> words = new ArrayList<>(List.of("informer-layer", "--with", "heads=2"));
    words.addAll(List.of("--in", file("layer.safetensors", layer)));
    words.addAll(List.of(more));
    assertEquals(ExitCode.PASS, run(words.toArray(String[]::new)), err.toString());
    Tensor joined = out("out");
    Tensor heads = TOKENS.reshape(2, 5, 2, 2);
    String in =
        file(
            "heads.safetensors",
            TensorFile.builder()
                .put("q", heads)
                .put("k", heads)
                .put("v", heads)
                .put("index_sample", sampled));
    List<String> alone = new ArrayList<>(List.of("informer-prob", "--in", in));
    alone.addAll(List.of(more));
    assertEquals(ExitCode.PASS, run(alone.toArray(String[]::new)), err.toString());
    assertTrue(joined.bitEquals(out("out").reshape(2, 5, 4)));
  }

  @Test
  void what_differs_from_what_is_expected_is_a_mismatch_with_its_worst_element()
      throws IOException {
    String in = file("x.safetensors", GoldenRows.sample());
    assertEquals(ExitCode.PASS, run("dense", "--in", in, "--out", results()), err.toString());
    assertEquals(
        ExitCode.PASS, run("dense", "--in", in, "--expect", results(), "--tolerance", "0"));
    Tensor o = out("out");
    String wrong =
        file(
            "wrong.safetensors",
            TensorFile.builder()
                .put("out", Tensor.generate(o.shape(), p -> o.get(p) + (p == 9 ? 1e-3 : 0)))
                .put("other", o));
    assertEquals(ExitCode.MISMATCH, run("dense", "--in", in, "--expect", wrong));
    assertTrue(out.toString().contains("worst at [2, 1]"), out.toString());
    assertTrue(out.toString().contains("no result to compare with: other"), out.toString());
    assertEquals(ExitCode.NOTHING_RUN, run("dense", "--in", in, "--expect", in), out.toString());
  }

  private void refused(int code, String words, String... arguments) {
    assertEquals(code, run(arguments), err.toString());
    assertTrue(err.toString().contains(words), err.toString());
    assertFalse(Files.exists(Path.of(results())));
  }

  @Test
  void options_that_do_not_fit_are_usage_errors() throws IOException {
    String in = file("x.safetensors", multiHead(TOKENS));
    refused(2, "needs the number heads", "torch-mha", "--in", in, "--out", results());
    refused(2, "no mechanism", "torch-mah", "--in", in, "--out", results());
    refused(2, "--out is missing", "torch-sdpa", "--in", in);
    refused(2, "does not take", "torch-sdpa", "--with", "a=1", "--in", in, "--out", results());
    refused(2, "settings of dense", "dense", "--with", "a=1", "--in", in, "--out", results());
    refused(2, "--tolerance", "dense", "--in", in, "--expect", in, "--tolerance", "-1");
    refused(2, "no pattern", "dense", "--map", "(=q", "--in", in, "--out", results());
    refused(3, "--without names q", "dense", "--without", "q", "--in", in, "--out", results());
    refused(3, "in_proj_weight", "torch-mha", "--with", "heads=2", "--in", in, "--out", results());
  }

  @Test
  void the_page_of_layers_has_every_function() throws IOException {
    String page = Files.readString(Path.of("../docs/layers.md"));
    for (Function function : Functions.all()) {
      String row = "| `%s` | %s |".formatted(function.signature(), function.meaning());
      assertTrue(page.contains(row), row);
    }
  }
}
