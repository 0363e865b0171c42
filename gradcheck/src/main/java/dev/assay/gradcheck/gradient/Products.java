package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Tensor;
import java.util.List;

/** Inner products of lists of tensors, and the sizes by which rounding is measured. */
final class Products {
  private Products() {}

  /** {@code sum of a b}; places where {@code where} is infinite are left out. */
  static double inner(List<Tensor> a, List<Tensor> b, List<Tensor> where) {
    double sum = 0;
    for (int x = 0; x < a.size(); x++) {
      for (int p = 0; p < a.get(x).size(); p++) {
        if (!Double.isInfinite(where.get(x).get(p))) {
          sum += a.get(x).get(p) * b.get(x).get(p);
        }
      }
    }
    return sum;
  }

  static double inner(List<Tensor> a, List<Tensor> b) {
    double sum = 0;
    for (int x = 0; x < a.size(); x++) {
      for (int p = 0; p < a.get(x).size(); p++) {
        sum += a.get(x).get(p) * b.get(x).get(p);
      }
    }
    return sum;
  }

  /** {@code sum of |a b|} over the finite terms. */
  static double magnitude(List<Tensor> a, List<Tensor> b) {
    double sum = 0;
    for (int x = 0; x < a.size(); x++) {
      for (int p = 0; p < a.get(x).size(); p++) {
        sum += finite(a.get(x).get(p) * b.get(x).get(p));
      }
    }
    return sum;
  }

  /** {@code sum of |a|} over the finite elements. */
  static double sum(Tensor a) {
    double sum = 0;
    for (int p = 0; p < a.size(); p++) {
      sum += finite(a.get(p));
    }
    return sum;
  }

  /** {@code max |a|} over the finite elements. */
  static double max(Tensor a) {
    double max = 0;
    for (int p = 0; p < a.size(); p++) {
      max = Math.max(max, finite(a.get(p)));
    }
    return max;
  }

  private static double finite(double a) {
    return Double.isFinite(a) ? Math.abs(a) : 0;
  }
}
