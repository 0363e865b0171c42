package dev.assay.bench.headline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.bench.headline.Rounds.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final double ROUNDING = 1e-12;

  /** Nothing at all would be run a million times in a turn. */
  private static final long PAUSE_NANOS = 50_000_000;

  /** A machine that is twice as slow in the second round, and four times in the third. */
  private static Rounds slowing() {
    SequencedMap<String, List<Turn>> turns = new LinkedHashMap<>();
    turns.put("a", List.of(new Turn(1, 8), new Turn(2, 4), new Turn(4, 2)));
    turns.put("b", List.of(new Turn(3, 8), new Turn(6, 4), new Turn(12, 2)));
    return new Rounds(turns);
  }

  @Test
  void ratios_and_shares_are_those_within_a_round() {
    assertEquals(3, slowing().ratio("b", "a"), ROUNDING);
    assertEquals(0.5, slowing().share("a", 4e6), ROUNDING);
  }

  @Test
  void times_rates_and_the_peak_are_medians() {
    assertEquals(2, slowing().millis("a"));
    assertEquals(2, slowing().gigaflops("a", 4e6), ROUNDING);
    assertEquals(4, slowing().peak());
  }

  @Test
  void tasks_take_turns_and_the_peak_goes_before_each() {
    List<String> order = new ArrayList<>();
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    for (String name : List.of("a", "b")) {
      tasks.put(
          name,
          () -> {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (order.isEmpty() || !order.getLast().equals(name)) {
              order.add(name);
            }
          });
    }
    Rounds.run(
        tasks,
        2,
        0,
        () -> {
          order.add("peak");
          return 1;
        });
    assertEquals(List.of("a", "b", "peak", "a", "peak", "b", "peak", "a", "peak", "b"), order);
  }
}
