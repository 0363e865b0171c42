package dev.assay.gradcheck.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.recipe.WrappedKernel.Offsets;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel that computes offsets in too few bits is found by the recipes that are there for it. */
class WrappedOffsetsTest {
  private static final Offsets RIGHT = (elements, _) -> elements;
  private static final Offsets INT32 = (elements, _) -> (int) elements;
  private static final Offsets UINT32 = (elements, _) -> elements & 0xFFFFFFFFL;
  private static final Offsets INT32_OF_BYTES =
      (elements, bytes) -> Math.floorDiv((int) (elements * bytes), bytes);

  /** Of those with few keys: 65600 for each row take too long here. */
  private static final List<String> INT32_FINDERS =
      List.of(
          "regen/int32-sequence-grad",
          "regen/int32-batch-grad",
          "regen/int32-packed",
          "regen/int32-pool",
          "regen/uint32-queries");

  private static Suite suite;

  @BeforeAll
  static void load() throws IOException {
    suite = Suite.load();
  }

  static Stream<String> reaching() {
    return Stream.concat(INT32_FINDERS.stream(), Stream.of("regen/int32-bytes"));
  }

  /** The sampled rows of {@code out} that fail gate G1 in class f64. */
  private static Set<Integer> failing(String name, Offsets offsets) {
    RecipeCase recipe = suite.recipe(name).orElseThrow();
    Map<String, Tensor> results = new WrappedKernel(recipe, offsets).results();
    Map<String, Tensor> bounds = RecipeBounds.of(recipe, PrecisionClass.F64, Declared.NOTHING);
    TreeSet<Integer> rows = new TreeSet<>();
    for (String result : List.of("out", "lse")) {
      Tensor value = Objects.requireNonNull(results.get(result));
      Tensor expected = Objects.requireNonNull(recipe.golden().expect().get(result));
      Tensor bound = Objects.requireNonNull(bounds.get(result));
      Comparison compared = Comparison.of(result, DType.F64, value, expected, bound);
      int width = value.size() / value.shape().extent(0);
      for (int position : compared.failures()) {
        rows.add(position / width);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("reaching")
  void a_kernel_with_offsets_of_64_bits_passes(String name) {
    assertEquals(Set.of(), failing(name, RIGHT), name);
  }

  @ParameterizedTest
  @MethodSource("reaching")
  void offsets_of_bytes_in_32_bits_are_found(String name) {
    assertFalse(failing(name, INT32_OF_BYTES).isEmpty(), name);
  }

  @Test
  void offsets_in_32_bits_are_found_by_each_recipe_that_passes_them() {
    for (String name : INT32_FINDERS) {
      Set<Integer> rows = failing(name, INT32);
      int all = suite.recipe(name).orElseThrow().samples().queries().size();
      // Every row of the pool has keys on both sides; elsewhere rows before the border stay right.
      boolean some = name.endsWith("pool") ? rows.size() == all : rows.size() < all;
      assertTrue(!rows.isEmpty() && some, name + " fails in rows " + rows);
    }
  }

  @Test
  void offsets_in_32_bits_without_a_sign_are_found_beyond_two_to_the_32() {
    assertEquals(Set.of(4, 5), failing("regen/uint32-queries", UINT32));
    assertEquals(Set.of(), failing("regen/int32-sequence-grad", UINT32));
  }

  @Test
  void tensors_of_few_elements_and_many_bytes_do_not_trouble_offsets_of_elements() {
    assertEquals(Set.of(), failing("regen/int32-bytes", INT32));
  }
}
