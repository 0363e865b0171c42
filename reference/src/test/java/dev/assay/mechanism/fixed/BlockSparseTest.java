package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BlockSparseTest {
  private static final Mechanism BLOCKS = new BlockSparse(2, 2, false, 0);

  @Test
  void lists_and_table_say_the_same() {
    Tensor table = Tensor.of(Shape.of(3, 3), 1, 0, 1, 0, 0, 0, 0, 1, 1);
    Results.assertSameBits(
        "out",
        define(Map.of("block_mask", table)),
        define(Map.of("row_ptr", ints(0, 2, 2, 4), "col_idx", ints(0, 2, 1, 2))));
  }

  @Test
  void equal_lists_for_each_head_say_the_same_as_one_for_all() {
    Results.assertSameBits(
        "out",
        define(Map.of("row_ptr", ints(0, 2, 2, 4), "col_idx", ints(0, 2, 1, 2))),
        define(
            Map.of(
                "row_ptr", Tensor.of(Shape.of(2, 4), 0, 2, 2, 4, 0, 2, 2, 4),
                "col_idx", Tensor.of(Shape.of(2, 5), 0, 2, 1, 2, -1, 0, 2, 1, 2, -1))));
  }

  static List<Arguments> refusals() {
    return List.of(
        arguments("give one of the two", Map.of()),
        arguments("give one of the two", Map.of("row_ptr", ints(0, 0, 0, 0))),
        arguments(
            "give one of the two",
            Map.of("block_mask", Tensor.zeros(Shape.of(3, 3)), "row_ptr", ints(0, 0, 0, 0))),
        arguments("[3, 3] blocks are needed", Map.of("block_mask", Tensor.zeros(Shape.of(2, 3)))),
        arguments("2 heads", Map.of("block_mask", Tensor.zeros(Shape.of(3, 3, 3)))),
        arguments("0 and 1 alone", Map.of("block_mask", Tensor.full(Shape.of(3, 3), 2))),
        arguments("0 and 1 alone", Map.of("block_mask", Tensor.full(Shape.of(3, 3), -1))),
        arguments("0 and 1 alone", Map.of("block_mask", Tensor.full(Shape.of(3, 3), Double.NaN))),
        arguments("row_ptr needs 4 entries", Map.of("row_ptr", ints(0, 1), "col_idx", ints(0))),
        arguments("ascend", Map.of("row_ptr", ints(0, 2, 2, 2), "col_idx", ints(1, 0))),
        arguments("ascend", Map.of("row_ptr", ints(0, 2, 2, 2), "col_idx", ints(1, 1))),
        arguments("lie in 0..2", Map.of("row_ptr", ints(0, 1, 1, 1), "col_idx", ints(3))),
        arguments("pad with -1", Map.of("row_ptr", ints(0, 1, 1, 1), "col_idx", ints(0, 2))),
        arguments("must not fall", Map.of("row_ptr", ints(0, 2, 1, 2), "col_idx", ints(0, 1))),
        arguments("has room", Map.of("row_ptr", ints(0, 1, 1, 4), "col_idx", ints(0, 1))),
        arguments(
            "whole numbers",
            Map.of("row_ptr", ints(0, 1, 1, 1), "col_idx", Tensor.of(Shape.of(1), .5))),
        arguments(
            "q_bounds", Map.of("q_bounds", ints(0, 5), "row_ptr", ints(0, 0), "col_idx", ints())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void broken_lists_are_refused_in_a_sentence(String rule, Map<String, Tensor> lists) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> define(lists));
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Tensor ints(int... values) {
    return Tensor.generate(Shape.of(values.length), p -> values[p]);
  }

  private static Tensor define(Map<String, Tensor> lists) {
    Map<String, Tensor> tensors = new HashMap<>(lists);
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, 6, 3)));
    }
    return Results.get(Evaluation.define(BLOCKS, tensors).results(), "out");
  }
}
