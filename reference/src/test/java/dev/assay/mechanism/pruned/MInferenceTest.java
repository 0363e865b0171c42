package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MInferenceTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = MInferenceCases.all().getFirst().tensors();
    MInference precise = inference("vertical=2", "slash=2");
    MInference literal = inference("vertical=2", "slash=2", "reading=LITERAL");
    assertEquals(-0.0284868339, Trials.out(precise, tensors).at(0, 0, 5, 0), Trials.PRINTED);
    assertEquals(0.3218560518, Trials.out(literal, tensors).at(0, 0, 5, 0), Trials.PRINTED);
  }

  @Test
  void the_probe_chooses_columns_and_diagonals() {
    // The last two queries see keys 2 (nearly all) and 4 (a little): distances 4 and 5, 2 and 3.
    Map<String, Tensor> tensors = columns(0, 0, 40, 0, 36, 0, 0, 0);
    MInference settings = inference("vertical=2", "slash=1", "firstColumns=0");
    assertArrayEquals(new int[] {2, 4}, listed(settings, tensors, "columns"));
    assertArrayEquals(new int[] {0}, listed(settings, tensors, "diagonals"));
    settings = inference("vertical=2", "slash=3");
    assertArrayEquals(new int[] {0, 2}, listed(settings, tensors, "columns"));
    assertArrayEquals(new int[] {0, 4, 5}, listed(settings, tensors, "diagonals"));
    Tensor rows = Results.get(Trials.define(settings, tensors), "lse");
    // Row 3 keeps its own key and columns 0 and 2.
    assertEquals(Math.log(2 + StrictMath.exp(40)), rows.at(0, 0, 3), 1e-13);
    // Row 5 keeps keys 5, 1 and 0 by distance, and column 2.
    assertEquals(Math.log(3 + StrictMath.exp(40)), rows.at(0, 0, 5), 1e-13);
  }

  private static Map<String, Tensor> columns(double... logits) {
    int n = logits.length;
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(Shape.of(1, 1, n, 1), 1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, n, 1), logits));
    tensors.put("v", Tensor.generate(Shape.of(1, 1, n, 1), p -> p));
    return tensors;
  }

  @Test
  void forced_lines_come_first_in_order_and_sizes_have_a_floor() {
    Map<String, Tensor> tensors = columns(0, 0, 40, 0, 36, 0, 0, 0);
    String[] settings = {
      "firstColumns=3", "vertical=0", "nearDiagonals=4", "slash=0", "minSlash=2"
    };
    assertArrayEquals(new int[] {0, 1, 2}, listed(inference(settings), tensors, "columns"));
    assertArrayEquals(new int[] {0, 1}, listed(inference(settings), tensors, "diagonals"));
    settings[3] = "slash=6";
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4, 5}, listed(inference(settings), tensors, "diagonals"));
  }

  @Test
  void an_a_shape_keeps_first_columns_and_a_band() {
    Map<String, Tensor> tensors = columns(0, 0, 0, 0, 0, 0);
    MInference shape = inference("pattern=A_SHAPE", "init=1", "local=2");
    double[] sizes = {1, 2, 3, 3, 3, 3};
    Tensor rows = Results.get(Trials.define(shape, tensors), "lse");
    for (int i = 0; i < 6; i++) {
      assertEquals(sizes[i], StrictMath.exp(rows.at(0, 0, i)), 1e-14);
    }
  }

  @Test
  void blocks_are_chosen_by_their_means_with_the_diagonal_forced_or_literally_not() {
    // Means of blocks of keys are 1, 4, -1 and 3; the last block holds one token.
    Map<String, Tensor> tensors = columns(1, 1, 4, 4, -1, -1, 3);
    MInference precise = inference("pattern=BLOCK_SPARSE", "topBlocks=2");
    double[] expected = {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1};
    assertArrayEquals(expected, blocks(precise, tensors));
    MInference literal = inference("pattern=BLOCK_SPARSE", "topBlocks=2", "reading=LITERAL");
    // The mean of the ragged block is 1.5 then, which is still second; row 2 leaves itself out.
    expected = new double[] {1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1};
    assertArrayEquals(expected, blocks(literal, tensors));
    tensors = columns(2, 2, 4, 4, -1, -1, 3);
    expected[13] = 1;
    expected[12] = 1;
    expected[15] = 0;
    assertArrayEquals(expected, blocks(literal, tensors));
  }

  @Test
  void the_kernel_makes_a_diagonal_a_block_of_keys_and_joins_what_nearly_touches() {
    // Queries 4 and 5 of blocks of two. Distance 4 becomes keys 0 and 1, distance 0 keys 4 and 5.
    assertArrayEquals(new int[] {0, 1, 4, 5}, kernel(4, 0, 4));
    // Distance 3 becomes keys 1 and 2; distance 2 needs key 3 besides, and gets key 4 as well.
    assertArrayEquals(new int[] {1, 2, 3, 4}, kernel(4, 2, 3));
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, kernel(4, 0, 2, 3));
    // Of distances too far for a block of keys the first block is read.
    assertArrayEquals(new int[] {0, 1, 4, 5}, kernel(4, 0, 5));
    assertArrayEquals(new int[] {4, 5}, kernel(4, 0, 6));
  }

  private static int[] kernel(int start, int... distances) {
    boolean[] diagonals = new boolean[8];
    for (int distance : distances) {
      diagonals[distance] = true;
    }
    boolean[] keys = KernelLines.keys(new boolean[8], diagonals, start, 2);
    return IntStream.range(0, 8).filter(j -> keys[j]).toArray();
  }

  @Test
  void with_more_lines_or_blocks_than_there_are_it_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 7, 7, 4);
    for (String reading : new String[] {"reading=PRECISE", "reading=LITERAL"}) {
      Trials.assertDense(inference(reading, "vertical=7"), tensors, true);
      Trials.assertDense(inference(reading, "slash=7"), tensors, true);
      Trials.assertDense(inference(reading, "pattern=BLOCK_SPARSE", "topBlocks=4"), tensors, true);
      Trials.assertDense(inference(reading, "pattern=A_SHAPE", "local=7"), tensors, true);
    }
  }

  @Test
  void heads_have_patterns_of_their_own() {
    Map<String, Tensor> tensors = Trials.tensors(1, 3, 3, 8, 8, 4);
    String[] sizes = {
      "init=1", "local=2", "vertical=2", "slash=2", "topBlocks=2", "pattern=A_SHAPE"
    };
    Map<String, Tensor> mixed = new HashMap<>(tensors);
    mixed.put("patterns", Tensor.of(Shape.of(3), 0, 1, 2));
    Tensor out = Trials.out(inference(sizes), mixed);
    String[] patterns = {"pattern=A_SHAPE", "pattern=VERTICAL_SLASH", "pattern=BLOCK_SPARSE"};
    for (int h = 0; h < 3; h++) {
      sizes[5] = patterns[h];
      Tensor alone = Trials.out(inference(sizes), tensors);
      for (int p = h * 32; p < (h + 1) * 32; p++) {
        assertEquals(alone.get(p), out.get(p));
      }
    }
  }

  @Test
  void a_literal_row_keeps_what_a_precise_one_does_and_more() {
    Map<String, Tensor> tensors = Trials.tensors(1, 3, 3, 12, 12, 4);
    Tensor precise = Results.get(Trials.define(inference("vertical=2", "slash=3"), tensors), "lse");
    MInference wide = inference("vertical=2", "slash=3", "reading=LITERAL");
    Tensor literal = Results.get(Trials.define(wide, tensors), "lse");
    int more = 0;
    for (int p = 0; p < literal.size(); p++) {
      assertTrue(literal.get(p) >= precise.get(p) - 1e-14);
      more += literal.get(p) > precise.get(p) + 1e-14 ? 1 : 0;
    }
    assertTrue(more > literal.size() / 4, more + " rows");
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("probe is 0", MInference.class, "probe=0");
    Trials.assertRefused("nearDiagonals is 0", MInference.class, "nearDiagonals=0");
    Trials.assertRefused("topBlocks is 0", MInference.class, "topBlocks=0");
    Trials.assertRefused(
        "5 queries came with 6 keys", inference(), Trials.tensors(1, 1, 1, 5, 6, 3));
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 6, 6, 3);
    tensors.put("patterns", Tensor.of(Shape.of(1), 0));
    Trials.assertRefused("patterns has 1 entries for 2 heads", inference(), tensors);
    tensors.put("patterns", Tensor.of(Shape.of(2), 0, 3));
    Trials.assertRefused("the pattern of head 1 is 3", inference(), tensors);
    tensors.remove("patterns");
    tensors.put("columns", Tensor.zeros(Shape.of(1, 2, 5)));
    Trials.assertRefused("columns has shape", inference(), tensors);
    tensors.remove("columns");
    tensors.put("q", Tensor.full(Shape.of(1, 2, 6, 3), Double.NaN));
    Trials.assertRefused("the score of column 0 is NaN", inference(), tensors);
  }

  private static int[] listed(MInference inference, Map<String, Tensor> tensors, String name) {
    Tensor lines = Trials.choice(inference, tensors, name);
    return IntStream.range(0, lines.size()).filter(p -> lines.get(p) != 0).toArray();
  }

  private static double[] blocks(MInference inference, Map<String, Tensor> tensors) {
    return Trials.choice(inference, tensors, "block_mask").toDoubles();
  }

  /** The first column and the main diagonal are forced, the last two queries decide. */
  private static MInference inference(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of("block=2", "probe=2", "firstColumns=1", "nearDiagonals=1", "minSlash=1"));
    all.addAll(List.of(settings));
    return Trials.make(MInference.class, all.toArray(String[]::new));
  }
}
