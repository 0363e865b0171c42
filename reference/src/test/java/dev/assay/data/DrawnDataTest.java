package dev.assay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawnDataTest {
  private static int[] tokens(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToInt(ListOps.TOKENS::indexOf).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "[MAX 4 3 [MIN 2 3 X 1 0 X,4",
    "[MED 2 3 X,2",
    "[MED 9 1 5 X,5",
    "[SM 8 7 X,5",
    "7,7",
  })
  void lists_have_their_values(String text, int value) {
    assertEquals(value, ListOps.evaluate(tokens(text)));
  }

  @Test
  void broken_lists_have_none() {
    for (String text : new String[] {"[MAX 1", "[MAX X", "1 2", "X"}) {
      assertThrows(IllegalArgumentException.class, () -> ListOps.evaluate(tokens(text)), text);
    }
  }

  @Test
  void drawn_lists_are_different_of_the_length_asked_for_and_have_the_value_given() {
    ListOps small = new ListOps(6, 5, 10, 60, 1);
    List<ListOps.Problem> problems = small.draw(50);
    problems.forEach(
        problem -> {
          assertTrue(problem.tokens().length > 10 && problem.tokens().length < 60);
          assertEquals(problem.value(), ListOps.evaluate(problem.tokens()));
        });
    assertEquals(
        50, problems.stream().map(problem -> Arrays.toString(problem.tokens())).distinct().count());
    assertArrayEquals(problems.get(9).tokens(), small.draw(10).get(9).tokens());
  }

  @Test
  void the_arena_s_lists_are_long() {
    ListOps.Problem problem = ListOps.arena(1).draw(1).getFirst();
    assertTrue(problem.tokens().length > 500 && problem.tokens().length < 2000);
  }

  @Test
  void an_epoch_shows_every_example_once_in_its_own_order() {
    Batches batches = new Batches(7, 2, 3);
    int[] shown = IntStream.range(0, 3).flatMap(step -> Arrays.stream(batches.of(step))).toArray();
    assertEquals(6, Arrays.stream(shown).distinct().count());
    assertFalse(Arrays.equals(Batches.order(7, 3, 0), Batches.order(7, 3, 1)));
    int[] sorted = Batches.order(100, 1, 1);
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 100).toArray(), sorted);
  }

  @Test
  void a_vocabulary_takes_the_most_frequent_and_then_the_first() {
    Vocabulary words =
        Vocabulary.of(List.of(List.of("b", "a", "c", "c"), List.of("b", "<pad>", "a")), 6, 1);
    assertEquals(List.of("<pad>", "<unk>", "<bos>", "<eos>", "a", "b"), words.tokens());
    assertArrayEquals(new int[] {5, 1}, words.encode(List.of("b", "c")));
    assertEquals(List.of("b"), words.decode(new int[] {2, 5, 0, 3, 4}));
    assertEquals(5, Vocabulary.of(List.of(List.of("x", "x", "y")), 9, 2).size());
  }
}
