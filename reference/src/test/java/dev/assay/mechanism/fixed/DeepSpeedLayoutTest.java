package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeepSpeedLayoutTest {
  private static DeepSpeedLayout speed(String... settings) {
    return Patterns.make(DeepSpeedLayout.class, settings);
  }

  /** The rows of head 0 as text, for instance {@code "##. ..#"}. */
  private static String rows(int blocks, String... settings) {
    return rows(speed(settings).table(1, blocks, null), 0, blocks);
  }

  private static String rows(Tensor table, int h, int blocks) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < blocks; row++) {
      StringBuilder marks = new StringBuilder();
      for (int column = 0; column < blocks; column++) {
        marks.append(table.at(h, row, column) != 0 ? '#' : '.');
      }
      rows.add(marks.toString());
    }
    return String.join(" ", rows);
  }

  @Test
  void the_readings_differ_on_the_recorded_example() {
    var example = DeepSpeedLayoutCases.all().get(1);
    int[] at = {0, 0, 4, 0};
    assertEquals(0.0765426764, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(0.1301048067, Patterns.quoted(example, at, "reading=UPSTREAM"), Patterns.PRINTED);
  }

  @Test
  void fixed_has_windows_and_the_last_block_of_each() {
    assertEquals("##.# ##.# .### .###", rows(4, "numLocalBlocks=2"));
    assertEquals("#... ##.. .##. .###", rows(4, "numLocalBlocks=2", "unidirectional=true"));
    assertEquals("##.## ##.## .#### .#### .#.##", rows(5, "numLocalBlocks=2"));
  }

  @Test
  void several_global_blocks_list_the_future_upstream_alone() {
    String[] several = {"numLocalBlocks=2", "numGlobalBlocks=2", "unidirectional=true"};
    assertEquals("#... ##.. ###. ####", rows(4, several));
    String[] upstream = {
      "numLocalBlocks=2", "numGlobalBlocks=2", "unidirectional=true", "reading=UPSTREAM"
    };
    assertEquals("##.. ##.. #### ####", rows(4, upstream));
  }

  @Test
  void heads_take_turns_through_the_blocks_of_a_window() {
    Tensor table =
        speed("numLocalBlocks=2", "differentLayoutPerHead=true", "numDifferentGlobalPatterns=2")
            .table(3, 4, null);
    assertEquals("##.# ##.# .### .###", rows(table, 0, 4));
    assertEquals("###. ###. #.## #.##", rows(table, 1, 4));
    assertEquals(rows(table, 0, 4), rows(table, 2, 4));
  }

  @Test
  void variable_windows_repeat_the_last_size() {
    String[] variable = {"layout=VARIABLE", "localWindowBlocks=1,2", "globalBlockIndices="};
    assertEquals("#.... .##.. .##.. ...## ...##", rows(5, variable));
  }

  @Test
  void bigbird_has_global_blocks_in_front_only() {
    assertEquals("##### ###.. ####. #.### #..##", rows(5, "layout=BIGBIRD"));
    assertEquals("#... ##.. ###. #.##", rows(4, "layout=BIGBIRD", "unidirectional=true"));
  }

  @Test
  void longformer_blocks_have_global_ranges_in_both_directions() {
    String[] ranges = {
      "layout=BSLONGFORMER",
      "numSlidingWindowBlocks=1",
      "globalBlockIndices=1",
      "globalBlockEndIndices=3"
    };
    assertEquals("###.. ##### ##### .###. .##.#", rows(5, ranges));
  }

  @Test
  void a_local_window_looks_both_ways_or_back() {
    assertEquals("##.. ###. .### ..##", rows(4, "layout=LOCAL_WINDOW"));
    assertEquals("#... ##.. .##. ..##", rows(4, "layout=LOCAL_WINDOW", "unidirectional=true"));
    assertEquals(
        rows(4, "layout=LOCAL_WINDOW"), rows(4, "layout=LOCAL_WINDOW", "numSlidingWindowBlocks=2"));
  }

  @Test
  void a_layout_that_is_cut_has_no_short_window() {
    String[] fixed = {"numLocalBlocks=4", "block=2"};
    assertEquals('#', rows(5, fixed).charAt(4));
    String[] cut = {"numLocalBlocks=4", "block=2", "maxSeqLength=16"};
    assertEquals('.', rows(5, cut).charAt(4));
  }

  @Test
  void random_blocks_given_back_make_the_same_answer() {
    Mechanism random =
        speed("layout=VARIABLE", "block=2", "numRandomBlocks=2", "differentLayoutPerHead=true");
    Map<String, Tensor> tensors = Patterns.tensors(2, 11);
    Map<String, Tensor> results = Patterns.define(random, tensors);
    Tensor idx = Patterns.get(results, "idx");
    assertEquals(Shape.of(2, 6, 2), idx.shape());
    tensors.put("idx", idx);
    Patterns.define(random, tensors)
        .forEach((name, x) -> Patterns.assertSameBits(name, Patterns.get(results, name), x));
  }

  @Test
  void a_bigbird_row_with_few_candidates_takes_all_of_them() {
    Mechanism random =
        speed("layout=BIGBIRD", "block=2", "numRandomBlocks=2", "unidirectional=true");
    Tensor idx = Patterns.get(Patterns.define(random, Patterns.tensors(1, 8)), "idx");
    assertEquals(0, idx.at(0, 0, 0));
    assertEquals(-1, idx.at(0, 0, 1));
    for (int p = 0; p < idx.size(); p++) {
      assertTrue(idx.get(p) <= idx.shape().index(p)[1]);
    }
  }

  @Test
  void all_blocks_are_dense_attention() {
    Map<String, Tensor> tensors = Patterns.tensors(2, 7);
    Mechanism dense = Patterns.make(Dense.class);
    Patterns.assertSame(dense, speed("layout=DENSE", "block=2"), tensors);
    Patterns.assertSame(dense, speed("block=64"), tensors);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Class<DeepSpeedLayout> type = DeepSpeedLayout.class;
    Patterns.assertRefused("do not fit", type, "numLocalBlocks=4", "numGlobalBlocks=3");
    Patterns.assertRefused("differentLayoutPerHead", type, "numDifferentGlobalPatterns=2");
    Patterns.assertRefused(
        "horizontal", type, "unidirectional=true", "horizontalGlobalAttention=true");
    Patterns.assertRefused("localWindowBlocks", type, "localWindowBlocks=");
    Patterns.assertRefused("localWindowBlocks", type, "localWindowBlocks=2,0");
    Patterns.assertRefused("whole numbers", type, "globalBlockIndices=1;2");
    Patterns.assertRefused("as many or none", type, "globalBlockEndIndices=1,2");
    Patterns.assertRefused("behind its start", type, "globalBlockEndIndices=0");
  }
}
