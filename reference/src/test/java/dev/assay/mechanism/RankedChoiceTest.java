package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.RankedChoice.Row;
import dev.assay.mechanism.RankedChoice.ScoreError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which lists are right where scores may be off by a little. */
class RankedChoiceTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final ScoreError NONE = size -> 0;
  private static final ScoreError TENTH = size -> 0.1 * size;

  private static Row row(int taken, double... scores) {
    double[] sizes = new double[scores.length];
    Arrays.fill(sizes, 1);
    return new Row(scores, sizes, taken);
  }

  private static List<String> answers(Row row, ScoreError error) {
    return row.answers(error, 100).stream().map(Arrays::toString).toList();
  }

  @Test
  void without_an_error_there_is_one_answer() {
    Row row = row(2, 1, 3, 2, 3);
    assertArrayEquals(new int[] {1, 3}, row.chosen());
    assertEquals(List.of("[1, 3]"), answers(row, NONE));
    assertEquals(3, row.last());
    assertEquals(2, row.next());
  }

  @Test
  void ties_without_an_error_go_to_the_lower_index() {
    assertEquals(List.of("[0, 1]"), answers(row(2, 1, 1, 1), NONE));
    assertEquals(List.of("[0]"), answers(row(1, -0.0, 0.0), NONE));
  }

  @Test
  void within_the_sum_of_two_errors_either_may_come_first() {
    Row row = row(1, 1, 1.19, 0.5);
    assertEquals(List.of("[0]", "[1]"), answers(row, TENTH));
    assertEquals(List.of("[1]"), answers(row(1, 1, 1.21, 0.5), TENTH));
  }

  @Test
  void a_size_of_zero_has_no_error() {
    Row row = new Row(new double[] {1, 1.05}, new double[2], 1);
    assertEquals(List.of("[1]"), answers(row, TENTH));
  }

  @Test
  void what_is_forced_stays_and_what_is_out_of_the_question_stays_out() {
    Row row = row(2, INF, -INF, 0.5, 0.55);
    assertEquals(List.of("[0, 2]", "[0, 3]"), answers(row, TENTH));
    assertFalse(row.accepts(new int[] {2, 3}, TENTH));
    assertFalse(row.accepts(new int[] {0, 1}, TENTH));
  }

  @Test
  void a_list_that_is_longer_descends_or_leaves_the_range_is_wrong() {
    Row row = row(2, 1, 1, 1);
    assertTrue(row.accepts(new int[] {0, 2}, TENTH));
    assertFalse(row.accepts(new int[] {0, 1, 2}, TENTH));
    assertFalse(row.accepts(new int[] {2, 0}, TENTH));
    assertFalse(row.accepts(new int[] {0, 3}, TENTH));
    assertFalse(row.accepts(new int[] {0, 0}, TENTH));
  }
}
