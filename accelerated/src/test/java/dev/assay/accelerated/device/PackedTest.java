package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.accelerated.device.Regions.Region;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Paging;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static Tensor counted(int... extents) {
    return Tensor.generate(Shape.of(extents), p -> p).to(Storage.F32);
  }

  private static AttentionProblem paged() {
    return AttentionProblem.of(counted(2, 2, 3, 4), counted(5, 1, 2, 4), counted(5, 1, 2, 1))
        .paging(new Paging(new int[][] {{3, -7}, {0, 3}}, 2))
        .keyLengths(1, 4)
        .bias(counted(1, 2, 1, 4))
        .build();
  }

  @Test
  void the_header_says_where_tensors_are() {
    Packed packed = Packed.forward(paged(), new DensePlan());
    int qAt = packed.ints()[Header.Q_AT];
    Packed.Piece q =
        packed.pieces().stream().filter(piece -> piece.at() == qAt).findFirst().orElseThrow();
    assertArrayEquals(paged().q().floats(), q.values());
    assertEquals(-1, packed.ints()[Header.MASK]);
    int[] strides = Arrays.copyOfRange(packed.ints(), Header.BIAS + 1, Header.BIAS + 5);
    assertArrayEquals(new int[] {0, 4, 0, 1}, strides);
  }

  @Test
  void tensors_begin_at_lines_of_a_cache_behind_the_header_of_an_array() {
    int[] ints = Packed.forward(paged(), new DensePlan()).ints();
    for (int at : new int[] {Header.Q_AT, Header.K_AT, Header.V_AT, Header.BIAS}) {
      assertEquals(0, (Integer.BYTES * ints[at] + 16) % 128);
    }
  }

  @Test
  void entries_behind_the_last_page_are_made_harmless() {
    Packed packed = Packed.forward(paged(), new DensePlan());
    int at = packed.ints()[Header.TABLE_AT];
    assertArrayEquals(new int[] {3, 0, 0, 3}, Arrays.copyOfRange(packed.ints(), at, at + 4));
  }

  @Test
  void gradients_of_a_shared_page_are_added() {
    float[] byPosition = {1, 2, 3, 4, 10, 20, 30, 40};
    Tensor gradient = PageSum.of(paged(), paged().v(), byPosition);
    // Page 3 is the first of entry 0, of which one key counts, and the second of entry 1.
    assertArrayEquals(new float[] {10, 20, 0, 0, 0, 0, 31, 40, 0, 0}, gradient.floats());
  }

  @Test
  void a_bias_without_a_query_axis_gets_sums_over_queries() {
    float[] keySums = new float[2 * 2 * 4];
    for (int p = 0; p < keySums.length; p++) {
      keySums[p] = p;
    }
    Tensor gradient = BiasSum.of(paged(), new float[0], keySums);
    assertArrayEquals(new float[] {8, 10, 12, 14, 16, 18, 20, 22}, gradient.floats());
  }

  @Test
  void a_float_that_was_not_written_is_found_and_one_that_should_not_have_been() {
    Regions regions = new Regions();
    int one = regions.add("one", 3);
    int two = regions.add("two", 2);
    assertTrue(two >= one + 3 + Regions.GAP);
    float[] floats = new float[regions.length()];
    Arrays.fill(floats, Regions.POISON);
    Arrays.fill(floats, one, one + 3, 0);
    assertDoesNotThrow(() -> regions.check(floats, Set.of("one")));
    assertThrows(IllegalStateException.class, () -> regions.check(floats, Set.of("one", "two")));
    floats[one + 3] = 0;
    assertThrows(IllegalStateException.class, () -> regions.check(floats, Set.of("one")));
    assertEquals(new Region(two, 2), regions.get("two"));
  }
}
