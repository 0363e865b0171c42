package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();

  private int export(String... more) {
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(
            Stream.concat(Stream.of("export", "--to", target().toString()), Stream.of(more))
                .toArray(String[]::new));
  }

  private Path target() {
    return folder.resolve("cases");
  }

  private TensorFile tensors(String name) throws IOException {
    return Safetensors.read(target().resolve(name));
  }

  @Test
  void a_case_is_its_operation_and_its_inputs_without_the_answers() throws IOException {
    assertEquals(ExitCode.PASS, export("--only", "basic/causal-cross"));
    var prompt = Json.read(target().resolve("basic/causal-cross.json"));
    assertEquals("0x1.0p-1", prompt.path("op").path("scale").asString());
    assertEquals(2, prompt.path("op").path("offset").path(0).asInt());
    assertEquals("[2,1,7,4]", prompt.path("expect").path("out").path("shape").toString());
    GoldenCase golden = Suite.load().find("basic/causal-cross");
    TensorFile inputs = tensors("basic/causal-cross.safetensors");
    assertEquals(golden.inputs().sequencedKeySet(), inputs.names());
    assertTrue(
        inputs
            .tensor("q")
            .to(Storage.F64)
            .bitEquals(Objects.requireNonNull(golden.inputs().get("q"))));
    assertFalse(Files.exists(target().resolve("basic/causal-cross.answers.safetensors")));
  }

  @Test
  void all_cases_are_exported_unless_some_are_named() throws IOException {
    assertEquals(ExitCode.PASS, export());
    assertEquals(
        Suite.load().cases().size(),
        Json.read(target().resolve("suite.json")).path("cases").size());
  }

  @Test
  void axes_change_places_in_all_tensors_of_tokens() throws IOException {
    assertEquals(
        ExitCode.PASS, export("--only", "heads/dense-4-2", "--layout", "bshd", "--with-answers"));
    Tensor golden = Objects.requireNonNull(Suite.load().find("heads/dense-4-2").inputs().get("q"));
    Tensor q = tensors("heads/dense-4-2.safetensors").tensor("q");
    assertEquals(Shape.of(1, 9, 4, 4), q.shape());
    assertEquals(golden.at(0, 3, 5, 2), q.at(0, 5, 3, 2));
    assertEquals(Shape.of(1, 9, 4, 4), tensors("heads/dense-4-2.answers.safetensors").shape("out"));
    assertEquals(
        "bshd",
        Json.read(target().resolve("heads/dense-4-2.json")).path("op").path("layout").asString());
  }

  @Test
  void a_wider_type_is_given_and_cases_that_it_cannot_hold_are_left_out() throws IOException {
    assertEquals(ExitCode.PASS, export("--only", "basic/dense-*", "--dtype", "f32"));
    assertEquals(DType.F32, tensors("basic/dense-bf16.safetensors").dtype("q"));
    assertFalse(Files.exists(target().resolve("basic/dense-f64.json")));
    assertTrue(out.toString().contains("1 left out, the first is basic/dense-f64"), out::toString);
  }

  @Test
  void bounds_are_written_for_a_class() throws IOException {
    assertEquals(ExitCode.PASS, export("--only", "exact/*f32", "--bounds", "f32-flash"));
    TensorFile bounds = tensors("exact/mean-of-eight-f32.bounds.safetensors");
    assertEquals(0, bounds.tensor("out").get(0), "an exact result has no tolerance");
    assertTrue(bounds.tensor("lse").get(0) > 0);
  }

  @Test
  void an_export_takes_the_place_of_an_older_one_and_of_nothing_else() throws IOException {
    export("--only", "basic/dense-f32");
    assertEquals(ExitCode.PASS, export("--only", "basic/dense-f16"));
    assertFalse(Files.exists(target().resolve("basic/dense-f32.json")));
    assertTrue(
        out.toString()
            .contains(
                "1 cases of the export that was there before are gone, the first is basic/dense-f32"),
        out::toString);
    Files.delete(target().resolve("EXPORT.md"));
    assertEquals(ExitCode.MALFORMED, export("--only", "basic/dense-f32"));
    assertTrue(Files.exists(target().resolve("basic/dense-f16.json")));
  }

  @Test
  void results_inside_an_export_are_never_replaced() throws IOException {
    export("--only", "basic/dense-f32", "--with-answers", "--bounds", "f32-flash");
    assertEquals(ExitCode.PASS, export("--only", "basic/dense-f32"));
    Path results = Files.createDirectories(target().resolve("basic/results"));
    Files.writeString(results.resolve("mine.txt"), "a day of work");
    assertEquals(ExitCode.MALFORMED, export("--only", "basic/dense-f16"));
    assertTrue(out.toString().contains("cases: folder: holds basic/results, which"), out::toString);
    assertEquals("a day of work", Files.readString(results.resolve("mine.txt")));
    assertTrue(Files.exists(target().resolve("basic/dense-f32.json")));
  }

  @Test
  void what_is_not_known_is_a_usage_error() {
    assertEquals(ExitCode.USAGE, export("--only", "nothing/*"));
    assertEquals(ExitCode.USAGE, export("--bounds", "f8-flash"));
    assertEquals(ExitCode.USAGE, export("--dtype", "bool"));
    assertEquals(ExitCode.USAGE, export("--layout", "dbsh"));
  }
}
