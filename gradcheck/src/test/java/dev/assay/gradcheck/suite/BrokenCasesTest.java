package dev.assay.gradcheck.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.fuzz.FuzzReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents of a suite of which one word is wrong: each is refused for that word. */
class BrokenCasesTest {
  private final SuiteReaders readers;

  BrokenCasesTest() throws IOException {
    this.readers = new SuiteReaders();
  }

  private FuzzReader reader(String name) {
    return readers.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static String text(FuzzReader reader) {
    return new String(reader.corpus().getFirst(), StandardCharsets.UTF_8);
  }

  private static String refusal(FuzzReader reader, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return String.valueOf(
        assertThrows(FormatException.class, () -> reader.read().read(bytes)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "case; assay-case-1; assay-case-2; square.json: schema: is 'assay-case-2', not assay-case-1",
        "case; `\"out\": {\"dtype\": \"F64\"`; `\"out\": {\"dtype\": \"F32\"`; square.json: out.dtype: is F32, but the tensor's is F64",
        "case; `\"lse\": {\"dtype\": \"F64\", \"shape\": [1, 1, 8]`; `\"lse\": {\"dtype\": \"F64\", \"shape\": [1, 8]`; square.json: lse.shape: is [1, 8], but the tensor's is [1, 1, 8]",
        "case; `\"d_lse\": {`; `\"d_lsa\": {`; square.json: inputs, expect: name",
        "case; `\"id\": \"dense\"`; `\"id\": \"dens\"`; square.json: case: ",
        "case; `\"result\": \"valid\"`; `\"result\": \"right\"`; square.json: case: ",
        "case; `\"dtype\": \"F32\",`; `\"dtype\": \"F31\",`; square.json: case: ",
        "recipe; assay-recipe-1; assay-recipe-0; decode-65536.json: schema: is 'assay-recipe-0', not assay-recipe-1",
        "recipe; `\"shape\": [3, 16]`; `\"shape\": [4, 16]`; decode-65536.json: out.shape: is [4, 16], but the tensor's is [3, 16]",
        "recipe; `\"lse\": {`; `\"lsa\": {`; decode-65536.safetensors: tensor lsa: is missing",
        "recipe; `[1, 1, 0]]`; `[1, 4, 0]]`; decode-65536.json: case: ",
        "recipe; `[1, 1, 0]]`; `[1, 1, 1]]`; decode-65536.json: case: ",
        "recipe; `[1, 1, 0]]`; `[2, 1, 0]]`; decode-65536.json: case: ",
        "recipe; `[1, 1, 0]]`; `[-1, 1, 0]]`; decode-65536.json: JSON: ",
        "recipe; `\"sha256\": \"5b44727d2b6f68f676d110235fca99b06e0792c29e8f6942cfab482d6fc7423a\"`; `\"sha256\": null`; decode-65536.json: k_lens.sha256: is null",
        "relations; assay-relations-1; assay-relations-9; relations.json: schema: is 'assay-relations-9', not assay-relations-1",
        "relations; dense/square; dense/squares; suite.json: suite: relation the-same is about",
        "suite; assay-suite-1\", \"id; assay-suite-7\", \"id; suite.json: schema: is 'assay-suite-7', not assay-suite-1",
        "suite; `\"tcId\": 1001`; `\"tcId\": 1002`; suite.json: cases: core/dense/square is dense/square with number 1001",
        "suite; `{\"dense/square\": {`; `{\"dense/circle\": {`; suite.json: cases: core/dense/square is dense/square with number 1001",
        "suite; LseGrad; LseGrand; suite.json: suite: case dense/square has the unknown flag LseGrad",
        "suite; core/dense/square; core/dense/circle; core/dense/circle.json: file: is not listed in SHA256SUMS",
      })
  void one_wrong_word_is_named(String name, String right, String wrong, String sentence) {
    FuzzReader reader = reader(name);
    String text = text(reader);
    assertTrue(text.contains(right), () -> name + " has no " + right);
    String refusal = refusal(reader, text.replace(right, wrong));
    assertTrue(refusal.contains(sentence), refusal);
  }

  @Test
  void a_suite_finds_its_cases_by_name() throws IOException {
    Suite suite = readers.suite();
    GoldenCase square = suite.find("dense/square");
    assertEquals(1001, square.tcId());
    assertEquals(1, suite.judged().size());
    assertTrue(suite.recipe("dense/square").isEmpty());
    assertTrue(
        String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> suite.find("dense/circle"))
                    .getMessage())
            .contains("has no case dense/circle"));
  }

  @Test
  void the_suite_that_comes_with_assay_has_recipes() throws IOException {
    Suite suite = Suite.load();
    assertEquals(suite.cases().size() + suite.recipes().size(), suite.judged().size());
    RecipeCase recipe = suite.recipe("regen/decode-65536").orElseThrow();
    assertEquals("regen/decode-65536", recipe.golden().name());
    assertTrue(recipe.drawn().containsKey("k"));
  }
}
