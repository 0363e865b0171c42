package dev.assay.gradcheck.ball;

import java.util.ArrayList;
import java.util.List;

/**
 * Enclosures of {@code 1/n!}, as many as the exponential series wants at a precision.
 *
 * @param <B> the kind of ball
 */
final class Factorials<B extends Ball> {
  private final List<B> inverse = new ArrayList<>();

  /**
   * As many that {@code |x|^N / (N+1)!} is below the last bit for all |x| below 2^-(1 + halvings).
   */
  Factorials(Arithmetic<B> on, int halvings) {
    B last = on.of(1);
    inverse.add(last);
    for (int n = 1; n < 3 || on.exponent(last) - (halvings + 1) * (n - 2) > -on.bits() - 4; n++) {
      last = on.div(last, on.of(n));
      inverse.add(last);
    }
  }

  /** {@code 1/n!}. */
  B of(int n) {
    return inverse.get(n);
  }

  /** The last n that the series takes; there is one more. */
  int last() {
    return inverse.size() - 2;
  }
}
