package dev.assay.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Philox;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Paths paint just the cells that they were made of. */
class CellPathsTest {
  private static final Pattern PATH =
      Pattern.compile("<path (class=\"s\" stroke|fill)=\"#(\\w+)\"[^>]* d=\"([^\"]*)\"/>");
  private static final Pattern RUN =
      Pattern.compile("m(-?\\d+) ?(-?\\d+)(?:\\.5)?h(\\d+)(?:v(\\d+)h-\\d+z)?");

  /** Walks the paths with a pen, as a browser does; a cell may be painted once only. */
  private static int[] painted(String paths, int width, int height) {
    int[] argb = new int[width * height];
    for (MatchResult path : PATH.matcher(paths).results().toList()) {
      int colour = 0xFF000000 | Integer.parseInt(path.group(2), 16);
      int x = 0;
      int y = 0;
      for (MatchResult run : RUN.matcher(path.group(3)).results().toList()) {
        x += Integer.parseInt(run.group(1));
        y += Integer.parseInt(run.group(2));
        int wide = Integer.parseInt(run.group(3));
        int high = run.group(4) == null ? 1 : Integer.parseInt(run.group(4));
        for (int cell = 0; cell < wide * high; cell++) {
          int at = (y + cell / wide) * width + x + cell % wide;
          assertEquals(0, argb[at], "painted twice");
          argb[at] = colour;
        }
        x += run.group(4) == null ? wide : 0;
      }
    }
    return argb;
  }

  private static void check(int width, int height, int[] argb) {
    assertArrayEquals(argb, painted(CellPaths.of(new Pixels(width, height, argb)), width, height));
  }

  @Test
  void random_cells_are_painted_as_they_are() {
    for (int seed = 0; seed < 200; seed++) {
      int[] words = new Philox(seed, 1, 2).words(0);
      int width = 1 + (words[0] >>> 1) % 9;
      int height = 1 + (words[1] >>> 1) % 9;
      int[] argb = new int[width * height];
      for (int p = 0; p < argb.length; p++) {
        int colour = (new Philox(seed, 3, 4).words(p)[0] >>> 1) % 4;
        argb[p] = colour == 0 ? 0 : 0xFF000000 | colour * 0x112233;
      }
      check(width, height, argb);
    }
  }

  @Test
  void a_block_is_one_rectangle() {
    int red = 0xFFFF0000;
    int[] argb = {0, red, red, 0, red, red, 0, red, red};
    check(3, 3, argb);
    assertEquals(
        "<path fill=\"#ff0000\" d=\"m1 0h2v3h-2z\"/>\n", CellPaths.of(new Pixels(3, 3, argb)));
  }

  @Test
  void faint_cells_say_their_opacity() {
    String path = CellPaths.of(new Pixels(1, 1, new int[] {0x80112233}));
    assertTrue(path.contains("opacity=\"0.50\""), path);
  }

  @Test
  void clear_cells_are_not_drawn() {
    assertEquals("", CellPaths.of(new Pixels(2, 1, new int[] {0, 0x00FFFFFF})));
  }

  @Test
  void densities_count_pairs_of_ragged_blocks() {
    BlockDensity density = BlockDensity.of(new PictureTest.Triangle(5), 0, 0, 2);
    assertArrayEquals(new double[] {0.75, 0, 0, 1, 0.75, 0, 1, 1, 1}, density.shares(), 1e-12);
    assertEquals(6 / 9.0, density.visited(), 1e-12);
  }

  @Test
  void long_tokens_keep_their_beginning_and_blanks_are_visible() {
    Axis axis = Axis.of(2, List.of("incomprehensible", " "));
    assertEquals(List.of("incomprehen…", "␣"), axis.labels());
  }
}
