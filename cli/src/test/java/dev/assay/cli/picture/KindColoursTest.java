package dev.assay.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KindColoursTest {
  @Test
  void a_rule_keeps_its_colour_however_frequent_it_is() {
    List<String> kinds = List.of("own chunk", "neighbour -1", "neighbour -2");
    int[] large = KindColours.of(kinds, List.of(0, 1, 2));
    int[] small = KindColours.of(kinds, List.of(2, 1, 0));
    assertArrayEquals(large, small);
  }

  @Test
  void rules_without_a_colour_of_their_own_take_those_that_are_left() {
    int[] colours = KindColours.of(List.of("mine", "own chunk", "other"), List.of(0, 2, 1));
    assertEquals(Palette.kind(0), colours[1]);
    assertEquals(Palette.kind(1), colours[0]);
    assertEquals(Palette.kind(2), colours[2]);
  }

  @Test
  void no_two_rules_share_a_colour_and_the_rarest_are_grey() {
    List<String> kinds = IntStream.range(-6, 6).mapToObj("neighbour %+d"::formatted).toList();
    List<Integer> order = IntStream.range(0, kinds.size()).boxed().toList();
    int[] colours = KindColours.of(kinds, order);
    int[] own = Arrays.stream(colours).filter(c -> c != Palette.OTHER).toArray();
    assertEquals(Palette.kinds(), own.length);
    assertEquals(Palette.kinds(), Arrays.stream(own).distinct().count());
  }
}
