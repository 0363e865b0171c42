package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class ScratchTest {
  private final Scratch scratch = new Scratch(100, 2);

  @Test
  void an_array_that_was_given_back_is_taken_again_and_by_one_taker() {
    double[] array = scratch.take(80);
    scratch.giveBack(array);
    assertSame(array, scratch.take(80));
    assertNotSame(array, scratch.take(80));
  }

  @Test
  void one_that_is_too_short_is_not_taken() {
    scratch.giveBack(new double[10]);
    assertEquals(11, scratch.take(11).length);
  }

  @Test
  void one_that_is_too_long_is_neither_kept_nor_pushes_out_another() {
    double[] kept = new double[100];
    scratch.giveBack(kept);
    scratch.giveBack(new double[101]);
    assertEquals(101, scratch.take(101).length);
    assertSame(kept, scratch.take(100));
  }

  @Test
  void no_more_than_so_many_are_kept() {
    double[] third = new double[100];
    scratch.giveBack(new double[100]);
    scratch.giveBack(new double[100]);
    scratch.giveBack(third);
    scratch.take(100);
    scratch.take(100);
    assertNotSame(third, scratch.take(100));
  }
}
