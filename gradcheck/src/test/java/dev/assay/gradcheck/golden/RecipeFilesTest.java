package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Drawn;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of the suite as they lie in their files. */
class RecipeFilesTest {
  private static final String JSON = "regen/int32-pool.json";
  private static List<RecipeCase> recipes = List.of();

  @BeforeAll
  static void load() throws IOException {
    recipes = Suite.load(GoldenFolder.SOURCE).recipes();
  }

  @Test
  void there_are_a_dozen_and_all_are_loaded() {
    assertEquals(
        RecipeCases.all().stream().map(draft -> "regen/" + draft.name()).toList(),
        recipes.stream().map(one -> one.golden().name()).toList());
    assertTrue(recipes.size() >= 12, recipes.size() + " recipes");
  }

  @Test
  void every_piece_is_drawn_again_with_its_digest() throws IOException {
    int pieces = 0;
    for (RecipeCase recipe : recipes) {
      for (String name : recipe.drawn().keySet()) {
        for (Drawn.Piece piece : Objects.requireNonNull(recipe.pieces().get(name))) {
          byte[] bytes = recipe.draw(name).bytes(piece.first(), piece.count());
          assertEquals(piece.sha256(), Checksums.of(bytes), recipe.golden().name() + " " + name);
          pieces++;
        }
      }
    }
    assertTrue(pieces > 80, pieces + " pieces");
  }

  @Test
  void where_a_tensor_passes_two_to_the_31_there_is_a_piece_on_both_sides() {
    int passing = 0;
    for (RecipeCase recipe : recipes) {
      for (String name : recipe.drawn().keySet()) {
        long elements = recipe.draw(name).elements();
        boolean crossed =
            Objects.requireNonNull(recipe.pieces().get(name)).stream()
                .anyMatch(p -> p.first() < 1L << 31 && p.first() + p.count() > 1L << 31);
        assertEquals(elements > 1L << 31, crossed, recipe.golden().name() + " " + name);
        passing += crossed ? 1 : 0;
      }
    }
    assertTrue(passing >= 10, passing + " tensors pass 2^31 elements");
  }

  @Test
  void samples_lie_on_both_sides_of_each_border() {
    for (RecipeCase recipe : recipes) {
      if (recipe.golden().name().startsWith("regen/int32-s")
          || recipe.golden().name().endsWith("-queries")
          || recipe.golden().name().startsWith("regen/int32-batch")) {
        List<Integer> q = recipe.draw("q").shape();
        long border = (1L << 31) / q.get(3);
        List<Long> rows =
            recipe.samples().queries().stream()
                .map(at -> ((long) at.get(0) * q.get(1) + at.get(1)) * q.get(2) + at.get(2))
                .toList();
        assertTrue(rows.contains(border - 1) && rows.contains(border), recipe.golden().name());
      }
    }
  }

  @Test
  void drawing_a_piece_and_drawing_all_give_the_same_numbers() {
    Drawn drawn =
        recipes.stream()
            .filter(one -> one.golden().name().equals("regen/paged-decode-65536"))
            .findFirst()
            .orElseThrow()
            .draw("k");
    var whole = drawn.whole();
    var piece = drawn.piece(1_000_000, 300);
    for (int p = 0; p < piece.size(); p++) {
      assertEquals(whole.get(1_000_000 + p), piece.get(p));
    }
  }

  @Test
  void a_sample_outside_the_result_is_refused(@TempDir Path temporary) throws IOException {
    refuses(temporary, "\"queries\": [[0, 0, 0],", "\"queries\": [[0, 16, 0],", "samples row");
  }

  @Test
  void a_sample_of_two_numbers_is_refused(@TempDir Path temporary) throws IOException {
    refuses(temporary, "\"queries\": [[0, 0, 0],", "\"queries\": [[0, 0],", "[0, 0]");
  }

  @Test
  void another_generator_is_refused(@TempDir Path temporary) throws IOException {
    refuses(temporary, "philox4x32-10", "mersenne", "mersenne");
  }

  @Test
  void an_extent_of_zero_is_refused(@TempDir Path temporary) throws IOException {
    refuses(temporary, "[131200, 8, 16, 128]", "[131200, 0, 16, 128]", "at least 1");
  }

  @Test
  void a_tensor_of_another_rank_is_refused(@TempDir Path temporary) throws IOException {
    refuses(temporary, "[131200, 8, 16, 128]", "[131200, 2048]", "4 are needed");
  }

  @Test
  void more_elements_than_can_be_counted_are_refused(@TempDir Path temporary) throws IOException {
    String huge = "[2147483647, 2147483647, 2147483647, 128]";
    refuses(temporary, "[131200, 8, 16, 128]", huge, "overflow");
  }

  private static void refuses(Path temporary, String old, String fresh, String said)
      throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    Path json = copy.resolve(JSON);
    String text = Files.readString(json);
    assertTrue(text.contains(old), text);
    Files.writeString(json, text.replace(old, fresh));
    Files.writeString(copy.resolve(Checksums.FILE), Checksums.list(copy));
    FormatException found = assertThrows(FormatException.class, () -> Suite.load(copy));
    assertTrue(found.toString().contains(said), found.toString());
  }
}
