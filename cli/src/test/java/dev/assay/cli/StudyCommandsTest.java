package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.mechanism.Example;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StudyCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int assay(String... arguments) {
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void cost_counts_the_window_of_the_last_query() {
    assertEquals(
        ExitCode.PASS,
        assay(
            "cost",
            "sliding-window",
            "--set",
            "window=16",
            "--n",
            "64,128",
            "--heads",
            "2",
            "--d",
            "8",
            "--layers",
            "3",
            "--bytes",
            "4",
            "--format",
            "json"),
        err.toString());
    JsonNode rows = JsonMapper.shared().readTree(out.toString()).get("lengths");
    assertEquals(2, rows.size());
    assertEquals(2 * 2 * 8 * 4 * 3 * 16, rows.get(1).get("decode_reads_bytes").asDouble());
    assertEquals(2 * 2 * 8 * 4 * 3 * 128, rows.get(1).get("cache_bytes").asDouble());
  }

  @Test
  void cost_refuses_a_length_of_nothing() {
    assertEquals(ExitCode.USAGE, assay("cost", "dense", "--n", "0"));
    assertTrue(err.toString().contains("--n is 0"), err.toString());
  }

  @Test
  void coverage_prints_a_recall_for_each_head() {
    assertEquals(ExitCode.PASS, assay("coverage", "sliding-window", "--n", "32"), err.toString());
    assertTrue(out.toString().contains("head 1 "), out.toString());
    assertTrue(out.toString().contains("needs for 99 %"), out.toString());
  }

  @Test
  void audit_finds_every_mechanism_as_its_words_say() {
    assertEquals(ExitCode.PASS, assay("audit"), out.toString() + err);
    assertTrue(out.toString().contains(" 0 not as said"), out.toString());
    assertTrue(out.toString().contains("leaks as known"), out.toString());
  }

  @Test
  void audit_of_an_unknown_mechanism_names_those_there_are() {
    assertEquals(ExitCode.USAGE, assay("audit", "nobody"));
    assertTrue(err.toString().contains("sliding-window"), err.toString());
  }

  @Test
  void coverage_measures_every_layer_that_a_file_holds(@TempDir Path folder) throws IOException {
    Map<String, Tensor> one = new Example(2, 16, 4, 1).qkv();
    Map<String, Tensor> other = new Example(2, 16, 4, 2).qkv();
    Path file = folder.resolve("x.safetensors");
    TensorFile.Builder tensors = TensorFile.builder();
    one.forEach((name, tensor) -> tensors.put("layers.0." + name, tensor));
    other.forEach((name, tensor) -> tensors.put("layers.1." + name, tensor));
    Safetensors.write(file, tensors.build());
    int code =
        assay("coverage", "moba", "--set", "block=4", "--in", file.toString(), "--format", "json");
    assertEquals(ExitCode.PASS, code, err.toString());
    JsonNode layers = JsonMapper.shared().readTree(out.toString()).get("layers");
    assertEquals(2, layers.size());
    assertEquals("layers.1", layers.get(1).get("layer").asString());
    double first = layers.get(0).get("all").get("recall").asDouble();
    double second = layers.get(1).get("all").get("recall").asDouble();
    assertTrue(first != second && first < 1 && second < 1, out.toString());
  }

  @Test
  void coverage_of_heads_has_the_mean_of_all_heads() {
    assay("coverage", "moba", "--n", "40", "--heads", "3", "--format", "json", "--mass", "0.5,0.9");
    JsonNode layer = JsonMapper.shared().readTree(out.toString()).get("layers").get(0);
    double sum = 0;
    for (JsonNode head : layer.get("heads")) {
      sum += head.get("recall").asDouble();
      assertEquals(2, head.get("intrinsic").size());
    }
    assertEquals(layer.get("all").get("recall").asDouble(), sum / 3, 1e-12);
  }

  @Test
  void coverage_refuses_a_mass_beyond_all() {
    assertEquals(ExitCode.USAGE, assay("coverage", "dense", "--mass", "0.9,1.5"));
    assertTrue(err.toString().contains("--mass is 1.5"), err.toString());
  }
}
