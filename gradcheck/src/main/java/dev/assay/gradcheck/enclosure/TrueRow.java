package dev.assay.gradcheck.enclosure;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.gradcheck.bound.MetKeys;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The true numbers of one query, evaluated in balls: its logits, softmax weights and, with a
 * cotangent, {@code dP = w (dO . v)} and {@code g = dP - (D - dL)}. What is read of them are
 * doubles that are at least as large as the magnitudes asked for.
 *
 * @param <B> the kind of ball
 */
final class TrueRow<B extends Ball> {
  /**
   * What is known of one key.
   *
   * @param key its number
   * @param row of the key in k and v
   * @param product {@code |scale| sum_c |q_c||k_c|}
   * @param uncapped {@code |scale q.k|}
   * @param added |bias + log count|
   * @param logit |s|
   * @param tanh magnitude of the softcap's tanh; 0 without one
   * @param slope at least that of the softcap; 1 without one
   * @param slopeOff at least how much larger that is than the true one
   * @param factor of the weight under dropout
   */
  record Key(
      int key,
      int row,
      double product,
      double uncapped,
      double added,
      double logit,
      double tanh,
      double slope,
      double slopeOff,
      double factor) {}

  private final Arithmetic<B> on;
  private final Functions<B> functions;
  private final AttentionProblem problem;
  private final @Nullable Tensor dOut;
  private final @Nullable Tensor dLse;
  private final MetKeys met;
  private final List<Key> keys = new ArrayList<>();
  private final List<B> logits = new ArrayList<>();
  private final List<B> weights = new ArrayList<>();
  private final List<B> products = new ArrayList<>();
  private B lse;
  private B max;
  private B dot;
  private B delta;
  private int query;

  TrueRow(
      Arithmetic<B> on,
      AttentionProblem problem,
      Plan plan,
      @Nullable Tensor dOut,
      @Nullable Tensor dLse) {
    this.on = on;
    this.functions = new Functions<>(on);
    this.problem = problem;
    this.dOut = dOut;
    this.dLse = dLse;
    this.met = new MetKeys(problem, plan);
    this.lse = on.of(0);
    this.max = on.of(0);
    this.dot = on.of(0);
    this.delta = on.of(0);
  }

  /** Looks at query i of batch entry b and head h. */
  void of(int b, int h, int i) {
    query = problem.queryRow(b, h, i);
    met.of(b, h, i);
    keys.clear();
    logits.clear();
    weights.clear();
    products.clear();
    for (int t = 0; t < met.size(); t++) {
      add(b, h, i, t);
    }
    if (!keys.isEmpty()) {
      softmax();
      cotangents();
    }
  }

  private void add(int b, int h, int i, int t) {
    int j = met.key(t);
    B added = on.of(met.logCount(t));
    added = on.widen(added, on.of(0x1p-52 * Math.abs(met.logCount(t))));
    if (problem.bias() != null) {
      added = on.add(added, on.of(problem.biasAt(b, h, i, j)));
    }
    if (added.kind() == Ball.Kind.MINUS_INFINITY) {
      return;
    }
    int row = problem.keyRow(b, problem.kvHead(h), j);
    B scaled =
        on.mul(on.of(problem.scale()), dot(problem.q(), query, problem.k(), row, problem.depth()));
    B capped = scaled;
    double tanh = 0;
    double slope = 1;
    double slopeOff = 0;
    if (problem.softcap() > 0) {
      B cap = on.of(problem.softcap());
      B bent = functions.tanh(on.div(scaled, cap));
      tanh = Upward.most(bent);
      B bend = on.sub(on.of(1), on.mul(bent, bent));
      slope = Upward.most(bend);
      slopeOff = Upward.UP * (slope - Math.max(0, bend.lower()));
      capped = on.mul(cap, bent);
    }
    B logit = on.add(capped, added);
    logits.add(logit);
    double size = magnitude(problem.q(), query, problem.k(), row, problem.depth());
    keys.add(
        new Key(
            j,
            row,
            Upward.UP * Math.abs(problem.scale()) * size,
            Upward.most(scaled),
            Upward.most(added),
            Upward.most(logit),
            tanh,
            slope,
            slopeOff,
            problem.dropoutAt(b, h, i, j)));
  }

  private B dot(Tensor a, int aRow, Tensor b, int bRow, int n) {
    B sum = on.of(0);
    for (int c = 0; c < n; c++) {
      sum = on.add(sum, on.mul(on.of(a.get(aRow * n + c)), on.of(b.get(bRow * n + c))));
    }
    return sum;
  }

  /** At least {@code sum_c |a_c b_c|}. */
  private static double magnitude(Tensor a, int aRow, Tensor b, int bRow, int n) {
    double sum = 0;
    for (int c = 0; c < n; c++) {
      sum += Math.abs(a.get(aRow * n + c) * b.get(bRow * n + c));
    }
    return Upward.UP * sum;
  }

  private void softmax() {
    max = logits.getFirst();
    for (B logit : logits) {
      max = logit.approximate() > max.approximate() ? logit : max;
    }
    // A shift by the midpoint of the largest cancels and makes nothing overflow.
    B shift = on.center(max);
    B sum = on.of(0);
    for (B logit : logits) {
      B weight = functions.exp(on.sub(logit, shift));
      weights.add(weight);
      sum = on.add(sum, weight);
    }
    for (int t = 0; t < weights.size(); t++) {
      weights.set(t, on.div(weights.get(t), sum));
    }
    lse = on.add(shift, functions.log(sum));
  }

  private void cotangents() {
    if (dOut == null) {
      return;
    }
    dot = on.of(0);
    for (int t = 0; t < keys.size(); t++) {
      Key key = keys.get(t);
      B product = on.of(0);
      if (key.factor() != 0) {
        B factor = key.factor() == 1 ? on.of(1) : on.div(on.of(1), keep());
        product = on.mul(factor, dot(dOut, query, problem.v(), key.row(), problem.valueDepth()));
      }
      products.add(product);
      dot = on.add(dot, on.mul(weights.get(t), product));
    }
    delta = dLse == null ? dot : on.sub(dot, on.of(dLse.get(query)));
  }

  private B keep() {
    return on.sub(on.of(1), on.of(problem.dropoutRate()));
  }

  /** Row of the query in q and out. */
  int query() {
    return query;
  }

  /** How many keys it meets. */
  int size() {
    return keys.size();
  }

  /** How many aligned tiles of keys it meets. */
  int tiles() {
    return met.tiles();
  }

  /** Key number t. */
  Key key(int t) {
    return keys.get(t);
  }

  /** The logit. */
  B logit(int t) {
    return logits.get(t);
  }

  /** At least the softmax weight, also where it is too small for a ball to tell. */
  double most(int t) {
    double far = Upward.UP * StrictMath.exp(exponent(t).upper()) + Double.MIN_VALUE;
    return Math.min(Upward.most(weights.get(t)), far);
  }

  /** The softmax weight as a double; 0 where it is too small for a ball to tell. */
  Near near(int t) {
    Near near = Near.of(weights.get(t));
    double most = most(t);
    return near.off() <= most ? near : new Near(0, most);
  }

  /** {@code s - L}. */
  B exponent(int t) {
    return on.sub(logits.get(t), lse);
  }

  /** {@code s - max s}, at most 0 but for rounding. */
  B below(int t) {
    return on.sub(logits.get(t), max);
  }

  /** The largest logit. */
  B max() {
    return max;
  }

  /** The log-sum-exp. */
  B lse() {
    return lse;
  }

  /** {@code L - max s}. */
  B span() {
    return on.sub(lse, max);
  }

  /** {@code dP}. */
  B product(int t) {
    return products.get(t);
  }

  /** {@code dP - D + dL}. */
  B lean(int t) {
    return on.sub(products.get(t), delta);
  }

  /** {@code dP - D}. */
  B output(int t) {
    return on.sub(products.get(t), dot);
  }

  /** {@code D = dO . o}. */
  B dot() {
    return dot;
  }

  /** {@code D - dL}. */
  B delta() {
    return delta;
  }

  /** At least {@code sum_c |dO_c v_c|} of a key. */
  double cotangentMagnitude(int t) {
    return dOut == null
        ? 0
        : magnitude(dOut, query, problem.v(), keys.get(t).row(), problem.valueDepth());
  }
}
