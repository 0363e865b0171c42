package dev.assay.gradcheck.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The sums that a tensor adds to the gates over all cases, by hand. */
class GateShareTest {
  /** Two query heads of each of its key heads; what is compared here has its own shapes. */
  private static GoldenCase golden() throws IOException {
    return Suite.load().find("heads/dense-8-2");
  }

  private static Comparison compared(
      String tensor, Shape shape, double[] golden, double[] off, double[] bound) {
    double[] value = new double[golden.length];
    for (int p = 0; p < value.length; p++) {
      value[p] = golden[p] + off[p];
    }
    return Comparison.of(
        tensor,
        DType.F64,
        Tensor.of(shape, value),
        Tensor.of(shape, golden),
        Tensor.of(shape, bound));
  }

  @Test
  void a_row_leans_by_its_mean_away_from_zero_in_units_of_the_bound() throws IOException {
    double inf = Double.POSITIVE_INFINITY;
    GateShare share =
        GateShare.of(
            golden(),
            compared(
                "dk",
                Shape.of(3, 2),
                new double[] {4, -2, 1, 1, 8, 8},
                new double[] {1, 1, 0.5, 0.25, 1, 1},
                new double[] {2, 4, 0, 1, 0, inf}));
    // Rows: (1/2 - 1/4) / 2, then 1/4 of one channel, then nothing that has a bound.
    assertEquals(2, share.rows());
    assertEquals(0.125 + 0.25, share.lean());
    assertEquals(0.125 * 0.125 + 0.25 * 0.25, share.leanSquares());
    assertEquals(0.25 + 0.0625 + 0.0625, share.errorSquares(), 1e-15);
    assertEquals(3, share.measured());
    assertEquals("dk", share.tensor());
  }

  @Test
  void an_element_that_is_not_finite_leans_to_neither_side() throws IOException {
    GateShare share =
        GateShare.of(
            golden(),
            compared(
                "dv",
                Shape.of(1, 2),
                new double[] {1, Double.NaN},
                new double[] {0.5, 0},
                new double[] {1, 1}));
    assertEquals(1, share.rows());
    assertEquals(0.5, share.lean());
  }

  @Test
  void of_a_group_the_first_query_head_counts_in_every_batch_entry() throws IOException {
    // 8 heads over 2 key heads: heads 0 and 4. Two entries, three queries, one channel.
    Shape shape = Shape.of(2, 8, 3, 1);
    double[] golden = new double[48];
    double[] off = new double[48];
    double[] bound = new double[48];
    for (int p = 0; p < 48; p++) {
      golden[p] = 1;
      off[p] = p;
      bound[p] = 64;
    }
    double lean = 0;
    for (int entry = 0; entry < 2; entry++) {
      for (int head : new int[] {0, 4}) {
        for (int query = 0; query < 3; query++) {
          lean += (entry * 24 + head * 3 + query) / 64.0;
        }
      }
    }
    GateShare out = GateShare.of(golden(), compared("out", shape, golden, off, bound));
    assertEquals(12, out.rows());
    assertEquals(lean, out.lean());
    GateShare lse = GateShare.of(golden(), compared("lse", Shape.of(2, 8, 3), golden, off, bound));
    assertEquals(12, lse.rows());
    assertEquals(lean, lse.lean());
    assertEquals(48, GateShare.of(golden(), compared("dk", shape, golden, off, bound)).rows());
  }

  @Test
  void a_tensor_without_channels_has_no_rows() throws IOException {
    GateShare share =
        GateShare.of(
            golden(),
            compared("out", Shape.of(1, 8, 3, 0), new double[0], new double[0], new double[0]));
    assertEquals(0, share.rows());
  }
}
