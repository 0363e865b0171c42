package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that are too large to store, on the command line. */
class RecipeCommandsTest {
  private static final String PAGED = "regen/paged-decode-65536";

  @TempDir private Path folder = Path.of("");

  @Test
  void the_fast_engine_is_judged_on_whole_inputs() {
    Ran.assay("check", "--engine", "simd", "--case", "regen/*decode-65536")
        .is(ExitCode.PASS, "2 passed", "0 failed");
  }

  @Test
  void what_does_not_fit_is_counted_with_what_it_needs() {
    Ran.assay("check", "--engine", "scalar", "--case", "regen/int32-p*")
        .is(ExitCode.NOTHING_RUN, "2 not supported", "2 cases not supported: needs a tensor");
    Ran.assay("check", "--engine", "scalar", "--case", "regen/causal-*")
        .is(ExitCode.NOTHING_RUN, "needs 1.6 GB for its tensors: '--memory 2' permits it");
    Ran.assay("check", "--memory", "0").is(ExitCode.USAGE, "--memory is 0: it must be at least 1");
  }

  @Test
  void all_inputs_of_a_recipe_are_written_as_they_are_drawn() throws IOException {
    Ran.assay("export", "--to", folder.toString(), "--recipe", PAGED, "--with-answers")
        .is(ExitCode.PASS, PAGED + ": 0.01 GB of inputs", "verify RESULTS --case " + PAGED);
    RecipeCase recipe = Suite.load().recipe(PAGED).orElseThrow();
    TensorFile inputs = Safetensors.read(folder.resolve(PAGED + ".safetensors"));
    for (String name : recipe.drawn().keySet()) {
      assertEquals(recipe.draw(name).dtype(), inputs.dtype(name));
      assertTrue(recipe.draw(name).whole().bitEquals(inputs.tensor(name).to(Storage.F64)), name);
    }
    assertTrue(
        Objects.requireNonNull(recipe.golden().inputs().get("page_table"))
            .bitEquals(inputs.tensor("page_table")));
    var prompt = Json.read(folder.resolve(PAGED + ".json"));
    assertEquals("[[0,0,0],[0,1,0],[0,3,0]]", prompt.path("samples").path("queries").toString());
    assertEquals("[3,16]", prompt.path("expect").path("out").path("shape").toString());
    TensorFile answers = Safetensors.read(folder.resolve(PAGED + ".answers.safetensors"));
    assertEquals(Shape.of(3, 16), answers.shape("out"));
  }

  @Test
  void an_export_of_all_leaves_recipes_out_and_says_so() {
    Path target = folder.resolve("cases");
    Ran.assay("export", "--to", target.toString(), "--only", "*")
        .is(ExitCode.PASS, "regen", "--recipe CASE");
    assertFalse(Files.exists(target.resolve("regen")));
  }

  @Test
  void a_wrong_name_of_a_recipe_is_told_the_right_ones() {
    String to = folder.resolve("cases").toString();
    Ran.assay("export", "--to", to, "--recipe", "regen/none").is(ExitCode.USAGE, PAGED);
    Ran.assay("export", "--to", to, "--recipe", PAGED, "--layout", "bshd")
        .is(ExitCode.USAGE, "leave them out");
    Ran.assay("export", "--to", to, "--only", "regen/*").is(ExitCode.USAGE, "--recipe");
    assertFalse(Files.exists(Path.of(to)));
  }

  @Test
  void bounds_of_a_class_that_the_recipe_has_not_are_refused_before_anything_is_written() {
    String to = folder.resolve("cases").toString();
    Ran.assay("export", "--to", to, "--recipe", PAGED, "--bounds", "bf16-flash")
        .is(ExitCode.USAGE, "--bounds is not for " + PAGED, "fp16-flash");
    assertFalse(Files.exists(Path.of(to)));
  }

  @Test
  void an_element_of_a_recipe_is_not_explained() {
    Ran.assay("explain", PAGED + "[out,0,0]").is(ExitCode.USAGE, "is a recipe, too large to store");
  }

  @Test
  void a_pipe_and_the_shrinker_refuse_recipes_by_name() {
    Ran.assay("pipe", "--class", "f64", "--case", "regen/*", "--", "true")
        .is(ExitCode.USAGE, "too large to store");
    Ran.assay("shrink", "--engine", "scalar", "--case", "regen/*")
        .is(ExitCode.USAGE, "too large to shrink");
  }
}
