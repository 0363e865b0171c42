package dev.assay.gradcheck.certified;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.mechanism.Evaluation;
import dev.assay.op.Primitive;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures what was recorded against balls.
 *
 * @param <B> the kind of ball
 */
final class Measure<B extends Ball> {
  private final Arithmetic<B> on;
  private final Functions<B> functions;

  Measure(Arithmetic<B> on) {
    this.on = on;
    this.functions = new Functions<>(on);
  }

  /** The errors of one definition. */
  ReferenceError of(Evaluation defined) {
    SequencedMap<String, Var> numbers = Certifier.numbers(defined);
    List<Var> results = new ArrayList<>(numbers.values());
    results.removeAll(defined.gradients().values());
    Set<Node> onTheWay = new HashSet<>(Walk.needed(defined.tape(), results));
    Map<Stage, Double> forward = new EnumMap<>(Stage.class);
    Map<Stage, Double> backward = new EnumMap<>(Stage.class);
    Replay<B> replay =
        Replay.of(
            on,
            functions,
            defined.tape(),
            numbers.values(),
            (node, balls) ->
                Stage.of((Primitive) node.op())
                    .ifPresent(
                        stage ->
                            (onTheWay.contains(node) ? forward : backward)
                                .merge(
                                    stage,
                                    ulps(node.outputs().getFirst().value(), balls),
                                    Math::max)));
    SequencedMap<String, Double> errors = new TreeMap<>();
    int values = 0;
    int rounded = 0;
    for (Map.Entry<String, Var> one : numbers.entrySet()) {
      BallTensor<B> balls = replay.get(one.getValue());
      errors.put(one.getKey(), ulps(one.getValue().value(), balls));
      values += balls.size();
      rounded += rounded(one.getValue().value(), balls);
    }
    return new ReferenceError(errors, forward, backward, values, rounded);
  }

  /** The largest error in units of the last place of the largest magnitude. */
  private double ulps(Tensor recorded, BallTensor<B> balls) {
    double largest = 0;
    double worst = 0;
    for (int p = 0; p < balls.size(); p++) {
      B ball = balls.get(p);
      if (ball.kind() == Kind.FINITE && !Double.isFinite(recorded.get(p))) {
        return Double.POSITIVE_INFINITY;
      }
      if (ball.kind() == Kind.FINITE) {
        double apart = Math.abs(on.sub(ball, on.of(recorded.get(p))).approximate());
        worst = Math.max(worst, apart - ball.radius());
        largest = Math.max(largest, Math.abs(ball.approximate()));
        largest = Math.max(largest, Math.abs(recorded.get(p)));
      }
    }
    return worst == 0 ? 0 : worst / Math.ulp(largest);
  }

  private static <B extends Ball> int rounded(Tensor recorded, BallTensor<B> balls) {
    int count = 0;
    for (int p = 0; p < balls.size(); p++) {
      OptionalDouble right = balls.get(p).rounded();
      double value = recorded.get(p);
      boolean number = right.isPresent() && right.getAsDouble() == value;
      boolean nan = right.isPresent() && Double.isNaN(right.getAsDouble()) && Double.isNaN(value);
      count += number || nan ? 1 : 0;
    }
    return count;
  }
}
