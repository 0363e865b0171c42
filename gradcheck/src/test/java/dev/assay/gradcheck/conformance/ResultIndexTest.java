package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of results.json and its schema take and refuse the same documents. */
class ResultIndexTest {
  private static final String SMALLEST =
      """
      {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash", "impl": "mine",
       "cases": {"basic/dense-f32": {"status": "done"}}}
      """;

  @TempDir private Path folder;

  private ResultIndex read(String json) throws IOException {
    Files.writeString(folder.resolve(ResultIndex.FILE), json);
    return Objects.requireNonNull(ResultIndex.of(folder, HandedIn.SUITE));
  }

  private static boolean follows(String json) throws IOException {
    try (InputStream text =
        ResultIndexTest.class.getResourceAsStream("/goldens/v1/schema/result.schema.json")) {
      String schema = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      Schema known =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Json.mapper().readTree(schema));
      return known.validate(json, InputFormat.JSON).isEmpty();
    }
  }

  @Test
  void what_is_optional_may_be_left_out() throws IOException {
    assertTrue(follows(SMALLEST));
    ResultIndex index = read(SMALLEST);
    assertEquals("mine", index.impl());
    assertNull(index.version());
    ResultIndex.Entry entry = Objects.requireNonNull(index.cases().get("basic/dense-f32"));
    assertEquals("done", entry.status());
    assertNull(entry.reason());
  }

  @Test
  void what_is_optional_is_read() throws IOException {
    String more =
        SMALLEST
            .replace("\"cases\"", "\"impl_version\": \"2\", \"device\": \"cpu\", \"cases\"")
            .replace("done\"", "unsupported\", \"reason\": \"no blocks\"");
    assertTrue(follows(more));
    ResultIndex index = read(more);
    assertEquals("2", index.version());
    assertEquals("cpu", index.device());
    assertEquals("no blocks", index.cases().values().iterator().next().reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"assay-result-1\" > null",
        "\"assay-result-1\" > \"assay-result-2\"",
        "\"assay-goldens\" > null",
        "\"f32-flash\" > null",
        "\"f32-flash\" > \"fast\"",
        "\"mine\" > null",
        "\"mine\" > \"\"",
        "\"mine\" > 1",
        "\"mine\" > \"mine\", \"impl_version\": null",
        "\"mine\" > \"mine\", \"device\": null",
        "\"mine\" > \"mine\", \"more\": 1",
        "\"impl\": \"mine\", > ",
        "\"done\" > null",
        "\"done\" > \"dnoe\"",
        "\"done\" > \"refused\", \"reason\": null",
        "\"done\" > \"refused\", \"why\": \"so\"",
        "\"status\": \"done\" > ",
        "{\"status\": \"done\"} > null",
        "{\"status\": \"done\"} > \"done\"",
        "{\"basic/dense-f32\": {\"status\": \"done\"}} > null",
        "{\"basic/dense-f32\": {\"status\": \"done\"}} > []",
        "basic/dense-f32 > Basic",
      })
  void what_the_schema_refuses_the_reader_refuses_in_a_sentence(String change) throws IOException {
    int arrow = change.indexOf(" > ");
    String broken = SMALLEST.replace(change.substring(0, arrow), change.substring(arrow + 3));
    assertTrue(!broken.equals(SMALLEST) && !follows(broken), broken);
    FormatException fault = assertThrows(FormatException.class, () -> read(broken));
    assertTrue(String.valueOf(fault.getMessage()).contains(ResultIndex.FILE), fault.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "1", "\"\"", "", "{"})
  void a_document_that_is_no_object_is_refused_in_a_sentence(String broken) {
    assertThrows(FormatException.class, () -> read(broken));
  }

  @Test
  void a_case_that_the_suite_does_not_have_is_refused_by_name() {
    FormatException fault =
        assertThrows(
            FormatException.class,
            () -> read(SMALLEST.replace("basic/dense-f32", "basic/dnese-f32")));
    assertTrue(String.valueOf(fault.getMessage()).contains("basic/dnese-f32"), fault.getMessage());
  }

  @Test
  void an_index_of_another_suite_is_refused() {
    assertThrows(
        FormatException.class, () -> read(SMALLEST.replace("assay-goldens", "other-goldens")));
  }

  @Test
  void the_index_says_why_a_case_has_no_file() throws IOException {
    read(SMALLEST.replace("done\"", "unsupported\", \"reason\": \"no blocks\""));
    var run = new HandedIn(folder, PrecisionClass.F32_FLASH).verify("basic/dense-f32");
    var only = run.subjects().getFirst().cases().getFirst();
    assertEquals(Status.NOT_SUPPORTED, only.status());
    assertEquals("no blocks", only.reason());
  }
}
