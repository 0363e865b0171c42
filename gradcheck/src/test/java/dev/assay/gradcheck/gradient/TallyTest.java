package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.tensor.Tolerance;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Tolerance TENTH = new Tolerance(0.1, 0, "a test");

  @Test
  void only_comparisons_count_as_checked() {
    Tally tally = new Tally();
    tally.skip(5, "too many");
    tally.refuse("a kink");
    tally.compare("x", 1, 1.05, TENTH);
    assertEquals(1, tally.checked());
    assertEquals(5, tally.skipped());
    assertEquals(1, tally.refused());
    assertEquals(0, tally.failed());
  }

  @Test
  void the_worst_error_is_in_units_of_its_tolerance() {
    Tally tally = new Tally();
    tally.compare("x", 1, 1.05, TENTH);
    tally.compare("y", 2, 2.3, TENTH);
    assertEquals(3, tally.worst(), 1e-12);
    assertEquals(1, tally.failed());
  }

  @Test
  void not_a_number_where_a_number_is_due_is_infinitely_wrong() {
    Tally tally = new Tally();
    tally.compare("x", Double.NaN, 1, TENTH);
    assertEquals(1, tally.failed());
    assertEquals(Double.POSITIVE_INFINITY, tally.worst());
  }
}
