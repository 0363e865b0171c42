package dev.assay.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.AttentionRows;
import dev.assay.study.Sight;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cells, scales, colours and ticks. */
class PictureTest {
  /** Every query meets the keys up to its own; key j of row i weighs 1/(i + 1). */
  record Triangle(int size) implements AttentionRows {
    @Override
    public int batches() {
      return 1;
    }

    @Override
    public int heads() {
      return 1;
    }

    @Override
    public int queries() {
      return size;
    }

    @Override
    public int keys() {
      return size;
    }

    @Override
    public Row row(int b, int h, int i) {
      double[] weights = new double[i + 1];
      Arrays.fill(weights, 1.0 / (i + 1));
      return new Row(IntStream.rangeClosed(0, i).toArray(), weights);
    }
  }

  private static HeadGrid triangle(int size, int cells) {
    Sight sight = new Sight("", new Triangle(size), (b, h, i, j) -> i == j ? "own" : "past: far");
    return HeadGrid.of(sight, 0, 0, new Kinds(), cells);
  }

  @Test
  void cells_cover_all_tokens_once() {
    for (int tokens = 1; tokens < 40; tokens++) {
      for (int cells = 1; cells <= tokens; cells++) {
        Bins bins = new Bins(tokens, cells);
        int all = 0;
        for (int cell = 0; cell < cells; cell++) {
          assertEquals(cell, bins.cell(bins.first(cell)));
          assertTrue(bins.size(cell) >= 1);
          all += bins.size(cell);
        }
        assertEquals(tokens, all);
      }
    }
  }

  @Test
  void gathering_loses_no_pair() {
    assertEquals(100 * 101 / 2, triangle(100, 7).count());
  }

  @Test
  void kinds_are_counted_by_the_first_pair_of_a_cell() {
    assertArrayEquals(new long[] {4, 6}, triangle(4, 4).countByKind(2));
  }

  @Test
  void a_cell_shows_its_heaviest_weight() {
    assertArrayEquals(new double[] {1, 1 / 3.0, 1 / 3.0}, triangle(4, 2).weights());
  }

  @Test
  void pairs_that_do_not_exist_stay_clear() {
    Pixels pattern = triangle(2, 2).pattern(new int[] {0x112233, 0x445566});
    assertArrayEquals(new int[] {0xFF112233, 0, 0xFF445566, 0xFF112233}, pattern.argb());
  }

  @Test
  void a_scale_spans_whole_decades() {
    assertEquals(new HeatScale(-3, 0), HeatScale.spanning(1, 0.2, 0.004));
    assertEquals(new HeatScale(-2, -1), HeatScale.spanning(0.05, 0.05));
  }

  @Test
  void a_scale_survives_nothing_zeros_and_nan() {
    assertEquals(new HeatScale(-1, 0), HeatScale.spanning());
    assertEquals(new HeatScale(-1, 0), HeatScale.spanning(0, Double.NaN));
    assertEquals(Palette.BROKEN, new HeatScale(-1, 0).colour(Double.NaN));
    assertEquals(Palette.heat(0), new HeatScale(-1, 0).colour(0));
  }

  @Test
  void a_scale_ends_in_the_ends_of_the_ramp() {
    assertEquals(0xFDE725, new HeatScale(-4, 0).colour(1));
    assertEquals(0x440154, new HeatScale(-4, 0).colour(1e-4));
  }

  @Test
  void powers_of_ten_are_raised() {
    assertEquals("1", HeatScale.label(0));
    assertEquals("10⁻¹²", HeatScale.label(-12));
  }

  @Test
  void ticks_divide_powers_of_two() {
    assertEquals(64, Axis.step(256, 300));
    assertEquals(50, Axis.step(200, 300));
    assertEquals(1, Axis.step(3, 300));
  }
}
