package dev.assay.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TimingTest {
  @Test
  void the_median_of_an_odd_number_of_runs_is_the_middle_one() {
    Timing timing = Timing.ofNanos(new long[] {9_000_000, 1_000_000, 2_000_000});
    assertEquals(new Timing(3, 2, 1), timing);
  }

  @Test
  void the_median_of_an_even_number_of_runs_lies_between_the_two_in_the_middle() {
    assertEquals(3, Timing.ofNanos(new long[] {4_000_000, 2_000_000}).medianMillis());
  }

  @Test
  void a_million_operations_in_a_millisecond_are_a_gigaflop() {
    assertEquals(1, Timing.ofNanos(new long[] {1_000_000}).gigaflops(1e6));
  }
}
