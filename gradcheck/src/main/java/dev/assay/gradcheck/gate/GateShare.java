package dev.assay.gradcheck.gate;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Set;

/**
 * What one compared tensor of one case adds to the gates that look at all cases together: a few
 * sums, so that no number of cases fills the memory.
 *
 * @param tensor out, lse, dq ...
 * @param rows independent rows that have an element with a finite positive bound
 * @param lean sum over them of the row's mean of {@code sign(golden) (value - golden) / bound}
 * @param leanSquares sum of its squares
 * @param errorSquares sum over elements of {@code (error / bound)^2}
 * @param measured elements that are in it
 */
public record GateShare(
    String tensor, int rows, double lean, double leanSquares, double errorSquares, int measured) {
  private static final Set<String> BY_QUERY_HEAD = Set.of("out", "lse", "dq");

  /** The share of a tensor. Of the query heads of a group only the first is independent. */
  public static GateShare of(GoldenCase golden, Comparison compared) {
    Shape shape = compared.golden().shape();
    int width = compared.tensor().equals("lse") || shape.rank() == 0 ? 1 : shape.extent(-1);
    int all = width == 0 ? 0 : shape.size() / width;
    int perHead = 1;
    int heads = 1;
    int group = 1;
    if (BY_QUERY_HEAD.contains(compared.tensor()) && shape.rank() >= 3) {
      heads = shape.extent(1);
      perHead = shape.extent(2);
      Tensor keys = golden.inputs().get("k");
      group = keys == null || keys.shape().rank() != 4 ? 1 : heads / keys.shape().extent(1);
    }
    int rows = 0;
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < all; row++) {
      double lean =
          row / perHead % heads % group == 0 ? lean(compared, row * width, width) : Double.NaN;
      if (!Double.isNaN(lean)) {
        rows++;
        sum += lean;
        squares += lean * lean;
      }
    }
    double errors = compared.rms() * compared.rms() * compared.measured();
    return new GateShare(compared.tensor(), rows, sum, squares, errors, compared.measured());
  }

  /** The row's statistic; NaN if it has no element with a finite positive bound. */
  private static double lean(Comparison compared, int from, int width) {
    double sum = 0;
    int counted = 0;
    for (int p = from; p < from + width; p++) {
      double golden = compared.golden().get(p);
      double bound = compared.bound().get(p);
      double error = compared.value().get(p) - golden;
      if (bound > 0 && Double.isFinite(bound) && Double.isFinite(error)) {
        sum += Math.signum(golden) * error / bound;
        counted++;
      }
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }
}
