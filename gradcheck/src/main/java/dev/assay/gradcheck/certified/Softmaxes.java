package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Softmax and log-sum-exp over the kept entries of a row. An entry of -inf counts as not kept; NaN
 * or +inf among the kept make the row NaN.
 *
 * @param <B> the kind of ball
 */
final class Softmaxes<B extends Ball> {
  private final Arithmetic<B> on;
  private final Functions<B> functions;

  Softmaxes(Arithmetic<B> on, Functions<B> functions) {
    this.on = on;
    this.functions = functions;
  }

  /** Exponentials of a row, shifted by a point: the shift cancels, whatever it is. */
  private final class Row {
    private final List<Integer> places = new ArrayList<>();
    private final List<B> weights = new ArrayList<>();
    private Optional<B> spoilt = Optional.empty();
    private B shift = on.of(0);
    private B sum = on.of(0);

    Row(BallTensor<B> s, Tensor keep, int start, int width) {
      for (int p = start; p < start + width; p++) {
        if (keep.get(p) != 0 && s.get(p).kind() != Kind.MINUS_INFINITY) {
          places.add(p);
        }
      }
      spoilt = places.stream().map(s::get).filter(b -> b.kind() != Kind.FINITE).findFirst();
      if (spoilt.isPresent() || places.isEmpty()) {
        return;
      }
      // Near the largest, so that nothing overflows; its own weight is then exactly 1 if it is
      // exact.
      Comparator<B> size = Comparator.comparingDouble(Ball::approximate);
      shift = on.center(places.stream().map(s::get).max(size).orElseThrow());
      for (int p : places) {
        B weight = functions.exp(on.sub(s.get(p), shift));
        weights.add(weight);
        sum = on.add(sum, weight);
      }
    }

    /** What a row with an entry that is no number gives. */
    B spoilt() {
      return spoilt.orElseThrow().kind() == Kind.UNKNOWN ? on.unknown() : on.of(Double.NaN);
    }
  }

  BallTensor<B> softmax(BallTensor<B> s, Tensor keep) {
    int width = s.shape().extent(-1);
    List<B> y = new ArrayList<>(Collections.nCopies(s.size(), on.of(0)));
    for (int start = 0; start < s.size(); start += width) {
      Row row = new Row(s, keep, start, width);
      for (int e = 0; e < row.places.size(); e++) {
        B value = row.spoilt.isPresent() ? row.spoilt() : on.div(row.weights.get(e), row.sum);
        y.set(row.places.get(e), value);
      }
    }
    return BallTensor.generate(s.shape(), y::get);
  }

  BallTensor<B> logSumExp(BallTensor<B> s, Tensor keep) {
    int width = s.shape().extent(-1);
    Shape rows = Shape.of(Arrays.copyOf(s.shape().toArray(), s.shape().rank() - 1));
    return BallTensor.generate(
        rows,
        i -> {
          Row row = new Row(s, keep, i * width, width);
          if (row.places.isEmpty()) {
            return on.of(Double.NEGATIVE_INFINITY);
          }
          return row.spoilt.isPresent() ? row.spoilt() : on.add(row.shift, functions.log(row.sum));
        });
  }
}
