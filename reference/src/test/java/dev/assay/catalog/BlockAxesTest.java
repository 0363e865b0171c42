package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The axes of batch entries and heads before the axes of blocks, each by its own extent. */
class BlockAxesTest {
  private static final Mechanism BLOCKS = new BlockSparse(2, 2, false, 0);

  @Test
  void a_table_for_each_batch_entry_is_shared_by_its_heads() {
    Tensor shared = table(2, 1, 3, 3);
    Tensor repeated = Tensor.generate(Shape.of(2, 2, 3, 3), p -> shared.get(p / 18 * 9 + p % 9));
    assertSame(2, 2, Map.of("block_mask", shared), Map.of("block_mask", repeated));
  }

  @Test
  void an_extent_of_one_stands_for_all_batch_entries_or_heads() {
    Tensor flat = table(3, 3);
    Map<String, Tensor> expected = Map.of("block_mask", flat);
    assertSame(2, 3, expected, Map.of("block_mask", reshaped(flat, 1, 3, 3)));
    assertSame(2, 3, expected, Map.of("block_mask", reshaped(flat, 1, 1, 3, 3)));
    Tensor heads = table(3, 3, 3);
    assertSame(
        2, 3, Map.of("block_mask", heads), Map.of("block_mask", reshaped(heads, 1, 3, 3, 3)));
  }

  @Test
  void lists_for_each_batch_entry_are_shared_by_its_heads() {
    Map<String, Tensor> shared = new HashMap<>();
    shared.put("row_ptr", Tensor.of(Shape.of(2, 1, 4), 0, 1, 2, 3, 0, 0, 2, 3));
    shared.put("col_idx", Tensor.of(Shape.of(2, 1, 3), 0, 1, 2, 0, 2, 1));
    Map<String, Tensor> repeated = new HashMap<>();
    repeated.put(
        "row_ptr", Tensor.of(Shape.of(2, 2, 4), 0, 1, 2, 3, 0, 1, 2, 3, 0, 0, 2, 3, 0, 0, 2, 3));
    repeated.put("col_idx", Tensor.of(Shape.of(2, 2, 3), 0, 1, 2, 0, 1, 2, 0, 2, 1, 0, 2, 1));
    assertSame(2, 2, shared, repeated);
  }

  static List<Arguments> wrong() {
    return List.of(
        arguments("block_mask", Map.of("block_mask", table(6, 3, 3))),
        arguments("block_mask", Map.of("block_mask", table(2, 3, 3))),
        arguments("block_mask", Map.of("block_mask", table(3, 2, 3, 3))),
        arguments("block_mask", Map.of("block_mask", table(6, 1, 3, 3))),
        arguments("block_mask", Map.of("block_mask", table(1, 6, 3, 3))),
        arguments("block_mask", Map.of("block_mask", table(1, 2, 3, 3, 3))),
        arguments("row_ptr", lists(3, 2)),
        arguments("row_ptr", lists(6)),
        arguments("row_ptr", lists(2)),
        arguments(
            "col_idx",
            Map.of(
                "row_ptr", Tensor.zeros(Shape.of(2, 3, 4)),
                "col_idx", Tensor.full(Shape.of(3, 2, 1), -1))));
  }

  private static Map<String, Tensor> lists(int... leading) {
    int[] starts = Arrays.copyOf(leading, leading.length + 1);
    starts[leading.length] = 4;
    int[] columns = starts.clone();
    columns[leading.length] = 1;
    return Map.of(
        "row_ptr", Tensor.zeros(Shape.of(starts)),
        "col_idx", Tensor.full(Shape.of(columns), -1));
  }

  /** Two batch entries of three heads. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("wrong")
  void axes_in_another_order_are_refused_whatever_their_product(
      String name, Map<String, Tensor> lists) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> define(2, 3, lists));
    assertTrue(refusal.toString().contains(name), refusal.toString());
    assertTrue(refusal.toString().contains("2 batch entries and 3 heads"), refusal.toString());
  }

  private static Tensor table(int... extents) {
    return Tensor.generate(Shape.of(extents), p -> p * 7 % 5 < 3 ? 1 : 0);
  }

  private static Tensor reshaped(Tensor x, int... extents) {
    return Tensor.generate(Shape.of(extents), x::get);
  }

  private static void assertSame(
      int batches, int heads, Map<String, Tensor> expected, Map<String, Tensor> actual) {
    Results.assertSameBits("out", define(batches, heads, expected), define(batches, heads, actual));
  }

  private static Tensor define(int batches, int heads, Map<String, Tensor> lists) {
    Map<String, Tensor> tensors = new HashMap<>(lists);
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(batches, heads, 6, 3)));
    }
    return Results.get(Evaluation.define(BLOCKS, tensors).results(), "out");
  }
}
