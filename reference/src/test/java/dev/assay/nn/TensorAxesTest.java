package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorAxesTest {
  private static final Map<String, Integer> SYMBOLS = Map.of("H", 4, "d", 8);

  private static TensorSpec spec(String shape, Kind kind) {
    return new TensorSpec("t", shape, kind, true, "Something.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "[B, H, n_q, d]!true!false",
        "[B, H_kv, n_k, d_v]!true!false",
        "[B, 1, n_k, d_I]!true!false",
        "[B, H, n_q]!true!false",
        "[B|1, H|1, n_q|1, n_k|1]!false!false",
        "[B, H_kv, n_p, d]!false!false",
        "[B, H, n_q, n_k]!false!false",
        "[B, n, c]!false!true",
        "[H, rows, d]!false!false",
      })
  void tensors_of_heads_and_of_tokens_are_told_apart(String shape, boolean heads, boolean tokens) {
    assertEquals(heads, TensorAxes.isHeads(spec(shape, Kind.INPUT)));
    assertEquals(tokens, TensorAxes.isTokens(spec(shape, Kind.INPUT)));
    assertEquals(false, TensorAxes.isHeads(spec(shape, Kind.CHOICE)));
  }

  @Test
  void extents_are_sums_of_products_and_the_first_of_alternatives() {
    int[] extents =
        TensorAxes.of(spec("[H|1, 2 d, d + 1, 3]", Kind.PARAMETER)).extents(SYMBOLS).orElseThrow();
    assertArrayEquals(new int[] {4, 16, 9, 3}, extents);
  }

  @Test
  void a_symbol_that_nobody_knows_leaves_the_shape_open() {
    assertTrue(TensorAxes.of(spec("[H, r]", Kind.PARAMETER)).extents(SYMBOLS).isEmpty());
    assertTrue(TensorAxes.of(spec("[1] or [H, d]", Kind.PARAMETER)).extents(SYMBOLS).isEmpty());
  }
}
