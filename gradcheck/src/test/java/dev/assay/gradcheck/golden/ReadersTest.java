package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.golden.Reader.Said;
import dev.assay.gradcheck.suite.CaseDocument;
import dev.assay.gradcheck.suite.RecipeDocument;
import dev.assay.gradcheck.suite.SuiteDocument;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** The readers in other languages read the suite as it is, and notice what is wrong with others. */
class ReadersTest {
  /** A compiler and a loaded machine. */
  private static final int SECONDS = 120;

  private static final String CASE = "basic/dense-f32";

  private static final String RECIPE = "regen/int32-batch-grad";

  /** A byte for a byte, to change the header of a binary file as text. */
  private static final Charset ISO = StandardCharsets.ISO_8859_1;

  @TempDir private Path folder = Path.of("");

  private List<String> program(Reader reader) throws IOException, InterruptedException {
    assumeTrue(reader.isHere(), "skipped: not there: " + reader.tool());
    return reader.built(folder);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(SECONDS)
  void every_random_input_is_drawn_again_and_every_digest_is_right(Reader reader)
      throws IOException, InterruptedException {
    List<String> program = program(reader);
    int cases = 0;
    int drawn = 0;
    int written = 0;
    SuiteDocument suite = Json.read(GoldenFolder.SOURCE.resolve("suite.json"), SuiteDocument.class);
    for (SuiteDocument.Entry entry : suite.cases().values()) {
      CaseDocument one =
          Json.read(GoldenFolder.SOURCE.resolve(entry.file() + ".json"), CaseDocument.class);
      long random = one.inputs().values().stream().filter(t -> t.gen() != null).count();
      cases++;
      drawn += (int) random;
      written += one.inputs().size() + one.expect().size() - (int) random;
    }
    for (SuiteDocument.Entry entry : suite.recipes().values()) {
      RecipeDocument one =
          Json.read(GoldenFolder.SOURCE.resolve(entry.file() + ".json"), RecipeDocument.class);
      long random = one.inputs().values().stream().filter(t -> t.gen() != null).count();
      cases++;
      drawn += (int) random;
      written += one.inputs().size() + one.expect().size() - (int) random;
    }
    Said said = Reader.read(folder, program, GoldenFolder.SOURCE);
    assertEquals(
        "%d cases, %d tensors drawn again, %d written down, 0 failures"
            .formatted(cases, drawn, written),
        said.last());
    assertEquals(new Said(0, List.of(said.last())), said);
    assertTrue(cases > 500 && drawn > 1000 && written > 1000, said.last());
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(SECONDS)
  void each_fault_of_a_suite_is_a_line(Reader reader) throws IOException, InterruptedException {
    List<String> program = program(reader);
    Path suite = few(CASE, "basic/dense-bf16", "basic/dense-f16", "basic/dense-f64");
    Said whole = Reader.read(folder, program, suite);
    assertEquals(0, whole.code(), whole.toString());
    Path json = suite.resolve("core/" + CASE + ".json");
    Path tensors = suite.resolve("core/" + CASE + ".safetensors");

    byte[] bytes = Files.readAllBytes(tensors);
    byte[] flipped = bytes.clone();
    flipped[bytes.length - 1] ^= 1;
    Files.write(tensors, flipped);
    finds(CASE + " d_lse: its bytes have another digest", program, suite);

    Files.write(tensors, new String(bytes, ISO).replace("\"d_lse\"", "\"d_lsx\"").getBytes(ISO));
    finds(CASE + " d_lse: is missing, must be F32 [1, 2, 9]", program, suite);
    finds(CASE + " d_lsx: is in the file, but not in the case", program, suite);
    Files.write(tensors, bytes);

    String text = Files.readString(json);
    Files.writeString(
        json, text.replace("\"k\": {\"dtype\": \"F32\"", "\"k\": {\"dtype\": \"I32\""));
    finds(CASE + " k: is F32 [1, 2, 9, 4], must be I32 [1, 2, 9, 4]", program, suite);
    Files.writeString(
        json, text.replace("\"0x00000003\"], \"counter\"", "\"0x00000004\"], \"counter\""));
    finds(CASE + " v: drawn again it has another digest", program, suite);
    Files.writeString(json, text.replaceFirst("\\{", "{\"tolerance\": 1,"));
    finds(CASE + ": has the unknown field 'tolerance'", program, suite);
    Files.writeString(json, text.substring(0, text.length() / 2));
    finds(CASE + ": ", program, suite);
    Files.delete(json);
    finds(CASE + ": ", program, suite);

    Path recipe = suite.resolve(RECIPE + ".json");
    text = Files.readString(recipe);
    Files.writeString(recipe, text.replace("\"first\": 2147483520", "\"first\": 2147483519"));
    finds(
        RECIPE + " q: drawn again from element 2147483519 on it has another digest",
        program,
        suite);
  }

  private void finds(String line, List<String> program, Path... folders)
      throws IOException, InterruptedException {
    Said said = Reader.read(folder, program, folders);
    assertEquals(1, said.code(), said.toString());
    assertTrue(said.lines().stream().anyMatch(one -> one.startsWith(line)), line + " in " + said);
    assertTrue(said.last().matches(".* [1-9]\\d* failures"), said.last());
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(SECONDS)
  void results_are_held_against_names_types_and_extents(Reader reader)
      throws IOException, InterruptedException {
    List<String> program = program(reader);
    Path suite = few(CASE);
    Path results = Files.createDirectories(folder.resolve("results"));
    assertEquals(
        new Said(1, List.of("0 results, 0 tensors, 0 refused or unsupported, 0 failures")),
        Reader.read(folder, program, suite, results),
        "nothing to check is no success");

    hand(results, CASE, "f32-flash", "out", Shape.of(1, 2, 9, 4), DType.F32);
    assertEquals(
        new Said(0, List.of("1 results, 1 tensors, 0 refused or unsupported, 0 failures")),
        Reader.read(folder, program, suite, results));
    hand(results, CASE, "f32-flash", "out", Shape.of(1, 2, 9, 4), DType.F64);
    finds(CASE + " out: is F64 [1, 2, 9, 4], must be F32 [1, 2, 9, 4]", program, suite, results);
    hand(results, CASE, "f32-flash", "out", Shape.of(1, 9, 2, 4), DType.F32);
    finds(CASE + " out: is F32 [1, 9, 2, 4], must be F32 [1, 2, 9, 4]", program, suite, results);
    hand(results, CASE, "f32-flash", "o", Shape.of(1, 2, 9, 4), DType.F32);
    finds(CASE + " o: is no result of this case", program, suite, results);
    finds(CASE + " out: is missing", program, suite, results);
    hand(results, CASE, "f32-flash", "dq", Shape.of(1, 2, 9, 4), DType.F32);
    finds(CASE + " dk: is missing", program, suite, results);
    hand(results, CASE, "bf16-flash", "out", Shape.of(1, 2, 9, 4), DType.BF16);
    finds(CASE + ": its class 'bf16-flash' is none of f64, f32-flash", program, suite, results);
    Safetensors.write(
        results.resolve(CASE + ".safetensors"),
        TensorFile.builder().metadata("unsupported", "no kernel").build());
    assertEquals(
        new Said(0, List.of("1 results, 0 tensors, 1 refused or unsupported, 0 failures")),
        Reader.read(folder, program, suite, results));
    hand(results, "basic/dense", "f32-flash", "out", Shape.of(1), DType.F32);
    finds("basic/dense: is no case of the suite", program, suite, results);
    Files.write(results.resolve(CASE + ".safetensors"), new byte[] {1, 2, 3});
    finds(CASE + ": ", program, suite, results);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(SECONDS)
  void of_a_recipe_the_sampled_rows_are_results_and_no_other_extents(Reader reader)
      throws IOException, InterruptedException {
    List<String> program = program(reader);
    Path results = Files.createDirectories(folder.resolve("results"));
    String small = "regen/decode-65536";
    hand(results, RECIPE, "bf16-flash", "out", Shape.of(5, 128), DType.BF16);
    hand(results, small, "bf16-flash", "out", Shape.of(2, 4, 1, 16), DType.BF16);
    assertEquals(
        new Said(0, List.of("2 results, 2 tensors, 0 refused or unsupported, 0 failures")),
        Reader.read(folder, program, GoldenFolder.SOURCE, results));
    hand(results, RECIPE, "bf16-flash", "out", Shape.of(6, 128), DType.BF16);
    String line = RECIPE + " out: is BF16 [6, 128], must be BF16 [5, 128]";
    finds(line, program, GoldenFolder.SOURCE, results);
  }

  private static void hand(
      Path results, String name, String kind, String tensor, Shape shape, DType type)
      throws IOException {
    Path file = results.resolve(name + ".safetensors");
    Files.createDirectories(file.resolveSibling(""));
    Safetensors.write(
        file,
        TensorFile.builder()
            .metadata("class", kind)
            .put(tensor, type, Tensor.zeros(shape))
            .build());
  }

  /** A suite of only these cases of core, and a recipe. */
  private Path few(String... names) throws IOException {
    Path suite = folder.resolve("suite");
    ObjectNode index =
        (ObjectNode) Objects.requireNonNull(Json.read(GoldenFolder.SOURCE.resolve("suite.json")));
    ((ObjectNode) Objects.requireNonNull(index.get("cases"))).retain(names);
    ((ObjectNode) Objects.requireNonNull(index.get("recipes"))).retain(RECIPE);
    for (String ending : List.of(".json", ".safetensors")) {
      Path to = suite.resolve(RECIPE + ending);
      Files.createDirectories(to.resolveSibling(""));
      Files.copy(GoldenFolder.SOURCE.resolve(RECIPE + ending), to);
    }
    for (String name : names) {
      for (String ending : List.of(".json", ".safetensors")) {
        Path to = suite.resolve("core/" + name + ending);
        Files.createDirectories(to.resolveSibling(""));
        Files.copy(GoldenFolder.SOURCE.resolve("core/" + name + ending), to);
      }
    }
    Files.writeString(suite.resolve("suite.json"), index.toString());
    return suite;
  }

  @ParameterizedTest
  @EnumSource
  void the_page_of_the_readers_names_every_one(Reader reader) {
    String page = GoldenFolder.text("readers/README.md");
    assertTrue(page.contains(reader.tool().equals("gcc") ? "`cc -O2" : "`" + reader.tool()), page);
  }
}
