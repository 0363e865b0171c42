package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Sums that grow; each begins with 0.
 *
 * @param <B> the kind of ball
 */
final class Sums<B extends Ball> {
  private final Arithmetic<B> on;
  private final List<B> sums;

  Sums(Arithmetic<B> on, int count) {
    this.on = on;
    this.sums = new ArrayList<>(Collections.nCopies(count, on.of(0)));
  }

  void add(int at, B term) {
    sums.set(at, on.add(sums.get(at), term));
  }

  B get(int at) {
    return sums.get(at);
  }
}
