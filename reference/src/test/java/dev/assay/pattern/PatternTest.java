package dev.assay.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.pattern.Pattern.Blocks;
import dev.assay.pattern.Pattern.Causal;
import dev.assay.pattern.Pattern.Dense;
import dev.assay.pattern.Pattern.Dilated;
import dev.assay.pattern.Pattern.Fixed;
import dev.assay.pattern.Pattern.Global;
import dev.assay.pattern.Pattern.Intersect;
import dev.assay.pattern.Pattern.OwnBlock;
import dev.assay.pattern.Pattern.Random;
import dev.assay.pattern.Pattern.Strided;
import dev.assay.pattern.Pattern.Union;
import dev.assay.pattern.Pattern.Window;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PatternTest {
  private static final Pattern LEFT_HALF =
      new Blocks(
          BlockMask.of(new int[] {0, 4}, new int[] {0, 2, 4}, new boolean[][] {{true, false}}), 0);

  private static void assertDrawing(String expected, Pattern pattern, int queries, int keys) {
    assertEquals(expected, PatternText.plain(pattern.at(queries, keys), queries, keys));
  }

  @Test
  void dense_has_every_pair() {
    assertDrawing("###\n###\n", new Dense(), 2, 3);
  }

  @Test
  void causal_is_a_triangle() {
    assertDrawing("#..\n##.\n###\n", new Causal(), 3, 3);
  }

  @Test
  void the_last_query_stands_at_the_last_key() {
    assertDrawing("###..\n####.\n#####\n", new Causal(), 3, 5);
  }

  @Test
  void the_first_of_too_many_queries_see_nothing() {
    assertDrawing("..\n..\n#.\n##\n", new Causal(), 4, 2);
  }

  @Test
  void a_window_includes_the_query_itself() {
    assertDrawing("#...\n##..\n.##.\n..##\n", new Window(1, 0), 4, 4);
  }

  @Test
  void a_window_reaches_to_both_sides() {
    assertDrawing("##..\n###.\n.###\n..##\n", new Window(1, 1), 4, 4);
  }

  @Test
  void a_dilated_window_has_gaps() {
    assertDrawing(
        """
        #.#...
        .#.#..
        #.#.#.
        .#.#.#
        #.#.#.
        .#.#.#
        """,
        new Dilated(2, 1, 2),
        6,
        6);
  }

  @Test
  void a_dilation_of_one_is_a_window() {
    assertEquals(
        PatternText.plain(new Window(2, 1).at(5, 7), 5, 7),
        PatternText.plain(new Dilated(2, 1, 1).at(5, 7), 5, 7));
  }

  @Test
  void global_tokens_are_met_and_meet() {
    assertDrawing(".#..\n####\n.#..\n.#..\n", new Global(Set.of(1)), 4, 4);
  }

  @Test
  void strides_are_counted_from_the_query() {
    assertDrawing(
        "#...\n.#..\n..#.\n#..#\n", new Intersect(List.of(new Strided(3), new Causal())), 4, 4);
  }

  @Test
  void fixed_columns_end_every_stretch() {
    assertDrawing(".##.##.\n.##.##.\n", new Fixed(3, 2), 2, 7);
  }

  @Test
  void a_token_meets_its_own_block() {
    assertDrawing("##...\n##...\n..##.\n..##.\n....#\n", new OwnBlock(2), 5, 5);
  }

  @Test
  void blocks_are_those_of_the_map() {
    int[] bounds = {0, 1, 3};
    BlockMask mask =
        BlockMask.of(
            bounds,
            bounds,
            new boolean[][] {{true, false}, {false, true}},
            new boolean[][] {{false, true}, {true, false}});
    assertDrawing("#..\n.##\n.##\n", new Blocks(mask, 0), 3, 3);
    assertDrawing(".##\n#..\n#..\n", new Blocks(mask, 1), 3, 3);
  }

  @Test
  void random_pairs_are_the_same_in_every_run() {
    assertDrawing(PatternText.plain(new Random(7, 0.3).at(6, 6), 6, 6), new Random(7, 0.3), 6, 6);
    assertEquals(3_024, new Random(7, 0.3).count(100, 100), "counted in another language");
  }

  @Test
  void a_random_pattern_of_more_keys_continues_the_shorter_one() {
    Pattern random = new Random(7, 0.5);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        assertEquals(random.contains(i, j, 4, 4), random.contains(i, j, 9, 9));
      }
    }
  }

  @Test
  void a_probability_of_one_is_every_pair_and_of_zero_none() {
    assertEquals(400, new Random(7, 1).count(20, 20));
    assertEquals(0, new Random(7, 0).count(20, 20));
  }

  @Test
  void a_union_of_nothing_is_empty_and_an_intersection_of_nothing_is_everything() {
    assertEquals(0, new Union(List.of()).count(3, 3));
    assertEquals(9, new Intersect(List.of()).count(3, 3));
  }

  @Test
  void a_union_has_the_pairs_of_each() {
    assertDrawing(
        "##..\n##..\n###.\n##.#\n", new Union(List.of(new Window(0, 0), LEFT_HALF)), 4, 4);
  }

  @Test
  void density_is_the_share_of_pairs() {
    assertEquals(10 / 16.0, new Causal().density(4, 4));
    assertEquals(0, new Causal().density(0, 4));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("left is -1: it must not be negative", (Executable) () -> new Window(-1, 0)),
        Arguments.of("step is 0: it must be at least 1", (Executable) () -> new Dilated(1, 1, 0)),
        Arguments.of("stride is 0: it must be at least 1", (Executable) () -> new Strided(0)),
        Arguments.of(
            "3 summary columns do not fit in a stride of 2: they must lie in 0..2",
            (Executable) () -> new Fixed(2, 3)),
        Arguments.of("size is -4: it must be at least 1", (Executable) () -> new OwnBlock(-4)),
        Arguments.of(
            "probability is 1.5: it must lie in 0..1", (Executable) () -> new Random(1, 1.5)),
        Arguments.of(
            "map is 1: it must lie in 0..0",
            (Executable)
                () ->
                    new Blocks(BlockMask.of(new int[] {0}, new int[] {0}, new boolean[][] {}), 1)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(String sentence, Executable build) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, build);
    assertEquals(sentence, refusal.getMessage());
  }
}
