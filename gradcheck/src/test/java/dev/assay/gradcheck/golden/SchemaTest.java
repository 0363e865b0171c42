package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.file.Json;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.RelationsDocument;
import dev.assay.gradcheck.suite.SelectionsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every JSON file of the suite against its schema. */
class SchemaTest {
  @Test
  void suite_json_follows_its_schema() {
    assertEquals(List.of(), faults("suite", GoldenFolder.text("suite.json")));
  }

  @Test
  void suite_json_names_every_schema() throws IOException {
    TreeSet<String> forms = new TreeSet<>();
    for (Path file : GoldenFolder.files(GoldenFolder.SOURCE.resolve("schema"))) {
      forms.add(
          Json.read(file)
              .path("properties")
              .path("schema")
              .path("const")
              .asString("none: " + file));
    }
    TreeSet<String> named = new TreeSet<>();
    Json.mapper()
        .readTree(GoldenFolder.text("suite.json"))
        .get("schemas")
        .forEach(one -> named.add(one.asString()));
    assertEquals(forms, named);
  }

  @Test
  void the_kill_matrix_follows_its_schema() {
    assertEquals(List.of(), faults("kill-matrix", GoldenFolder.text("mutants/kill-matrix.json")));
  }

  @Test
  void proof_json_follows_its_schema() {
    assertEquals(List.of(), faults("proof", GoldenFolder.text(ProofFile.NAME)));
  }

  @Test
  void selections_json_follows_its_schema() {
    assertEquals(List.of(), faults("selections", GoldenFolder.text(SelectionsDocument.FILE)));
  }

  @Test
  void relations_json_follows_its_schema() {
    assertEquals(List.of(), faults("relations", GoldenFolder.text(RelationsDocument.FILE)));
  }

  @Test
  void the_figures_on_bounds_follow_their_schema() throws IOException {
    Path docs = Path.of("..", "docs");
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Json.mapper().readTree(Files.readString(docs.resolve("bounds.schema.json"))));
    String figures = Files.readString(docs.resolve("bounds.json"));
    assertEquals(List.of(), schema.validate(figures, InputFormat.JSON));
  }

  @Test
  void every_case_follows_its_schema() throws IOException {
    Schema schema = schema("case");
    Schema recipe = schema("recipe");
    int cases = 0;
    for (Path file : GoldenFolder.files(GoldenFolder.SOURCE)) {
      boolean isCase =
          file.toString().endsWith(".json")
              && !file.endsWith("suite.json")
              && !file.endsWith("mutants/kill-matrix.json")
              && !file.endsWith(ProofFile.NAME)
              && !file.endsWith(SelectionsDocument.FILE)
              && !file.endsWith(RelationsDocument.FILE)
              && !file.toString().endsWith(".schema.json");
      if (isCase) {
        boolean large = file.startsWith(GoldenFolder.SOURCE.resolve(RecipeCase.FAMILY));
        var faults = (large ? recipe : schema).validate(Files.readString(file), InputFormat.JSON);
        assertEquals(List.of(), faults, file.toString());
        cases++;
      }
    }
    assertEquals(GoldenWriter.cases(), cases);
  }

  @Test
  void a_field_that_nobody_knows_is_a_fault() {
    String broken = GoldenFolder.text("refuse/nan-score.json").replaceFirst("\\{", "{\"more\": 1,");
    assertFalse(faults("case", broken).isEmpty());
  }

  @Test
  void a_recipe_whose_drawn_input_has_no_piece_is_a_fault() {
    String whole = GoldenFolder.text("regen/int32-pool.json");
    String broken = whole.replaceFirst("\"pieces\": \\[\\{.*?\\}\\]", "\"pieces\": []");
    assertNotEquals(whole, broken);
    assertEquals(List.of(), faults("recipe", whole));
    assertFalse(faults("recipe", broken).isEmpty());
  }

  @Test
  void a_refusal_without_its_reason_is_a_fault() {
    String broken = GoldenFolder.text("refuse/nan-score.json").replace("\"NAN_SCORE\"", "null");
    assertFalse(faults("case", broken).isEmpty());
  }

  @Test
  void a_decimal_scale_is_not_how_constants_are_written() throws IOException {
    for (Path file : GoldenFolder.files(GoldenFolder.SOURCE)) {
      if (file.toString().endsWith(".json") && !file.toString().contains("schema")) {
        String text = Files.readString(file);
        assertFalse(text.matches("(?s).*: -?[0-9]+\\.[0-9].*"), file + " holds a decimal fraction");
      }
    }
  }

  @Test
  void an_index_of_results_is_described() {
    String index =
        """
        {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash", "impl": "mine",
         "cases": {"basic/dense-f32": {"status": "done"},
                   "basic/packed": {"status": "unsupported", "reason": "no packing"}}}
        """;
    assertEquals(List.of(), faults("result", index));
    assertFalse(faults("result", index.replace("f32-flash", "fast")).isEmpty());
  }

  private static List<?> faults(String schema, String json) {
    return schema(schema).validate(json, InputFormat.JSON);
  }

  private static Schema schema(String name) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Json.mapper().readTree(GoldenFolder.text("schema/" + name + ".schema.json")));
  }
}
