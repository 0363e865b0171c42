package dev.assay.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.pattern.Pattern.Causal;
import dev.assay.pattern.Pattern.Dense;
import dev.assay.pattern.Pattern.OwnBlock;
import org.junit.jupiter.api.Test;

class PatternTextTest {
  @Test
  void a_character_holds_two_queries() {
    assertEquals("█▄  \n███▄\n", PatternText.halves(new Causal().at(4, 4), 4, 4));
  }

  @Test
  void a_last_odd_query_is_an_upper_half() {
    assertEquals("███\n▀▀▀\n", PatternText.halves(new Dense().at(3, 3), 3, 3));
  }

  @Test
  void an_upper_half_alone_has_its_character() {
    assertEquals("▀ \n", PatternText.halves((i, j) -> i == 0 && j == 0, 2, 2));
  }

  @Test
  void what_fits_is_drawn_exactly() {
    assertEquals(
        PatternText.halves(new Causal().at(8, 8), 8, 8),
        PatternText.fitted(new Causal().at(8, 8), 8, 8, 8));
  }

  @Test
  void what_does_not_fit_is_shaded() {
    assertEquals("██  \n  ██\n", PatternText.fitted(new OwnBlock(8).at(16, 16), 16, 16, 4));
  }

  @Test
  void a_lone_pair_is_never_blank() {
    assertEquals("░\n", PatternText.fitted((i, j) -> i == 3 && j == 5, 100, 100, 1));
  }

  @Test
  void a_lone_gap_is_never_solid() {
    assertEquals("▓\n", PatternText.fitted((i, j) -> i != 3 || j != 5, 100, 100, 1));
  }

  @Test
  void no_columns_are_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> PatternText.fitted(new Dense().at(2, 2), 2, 2, 0));
  }
}
