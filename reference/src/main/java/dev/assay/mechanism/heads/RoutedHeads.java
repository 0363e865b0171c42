package dev.assay.mechanism.heads;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.heads.Moh.Gates;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which routed heads of a {@link Moh} a token takes, and the gates of all heads.
 *
 * @param problem lengths and heads
 * @param scores softmax of the router, [B, n_q, routed], or null without a router
 * @param active 1 where a token takes a routed head, [B, routed, n_q]
 * @param gates factors of all heads, [B, H, n_q]
 * @param margin the least gap of a score between a head that is taken and one that is not
 */
record RoutedHeads(
    AttentionProblem problem, @Nullable Var scores, Tensor active, Var gates, double margin) {

  static RoutedHeads of(Moh settings, Inputs inputs, AttentionProblem problem) {
    int routed = problem.heads() - settings.shared();
    Var x = inputs.has("x") ? TokenLogits.valid(inputs.var("x"), problem) : null;
    Var router = logits(inputs, x, "w_routed", routed);
    Var scores = softmax(router);
    Require.argument(
        scores != null || routed == 0 || settings.gates() == Gates.HARD,
        "gates %s come from w_routed: give it, or gates=HARD",
        settings.gates());
    Tensor given = inputs.truths("active");
    Shape rows = Shape.of(problem.batches(), routed, problem.queries());
    BestScores best = new BestScores();
    Tensor active =
        given == null
            ? choose(problem, scores, rows, settings.taken(), best)
            : valid(given, rows, problem);
    MixtureGates gates = new MixtureGates(settings, problem, active);
    Tape tape = inputs.var("q").tape();
    Var factors =
        gates.all(
            tape,
            router,
            softmax(logits(inputs, x, "w_shared", settings.shared())),
            softmax(logits(inputs, x, "w_level", 2)));
    return new RoutedHeads(problem, scores, active, factors, best.margin());
  }

  /** {@code x W^T}, [B, n_q, rows], or null without weights. */
  private static @Nullable Var logits(Inputs inputs, @Nullable Var x, String name, int rows) {
    Var weights = inputs.find(name);
    if (weights == null) {
      return null;
    }
    Require.argument(x != null, "%s weighs the tokens x, which were not given", name);
    return TokenLogits.of(Objects.requireNonNull(x), name, weights, rows);
  }

  private static @Nullable Var softmax(@Nullable Var logits) {
    return logits == null ? null : Ops.maskedSoftmax(logits, Tensor.full(logits.shape(), 1));
  }

  private static Tensor choose(
      AttentionProblem problem, @Nullable Var scores, Shape rows, int taken, BestScores best) {
    double[] active = new double[rows.size()];
    for (int b = 0; b < rows.extent(0); b++) {
      for (int i = 0; i < problem.queryLength(b); i++) {
        double[] own = row(problem, scores, rows.extent(1), b, i);
        for (int e = 0; e < own.length; e++) {
          int h = problem.heads() - own.length + e;
          Require.argument(
              !Double.isNaN(own[e]),
              "token %d of batch entry %d scores head %d with NaN: the router needs numbers, or a"
                  + " given active",
              i,
              b,
              h);
        }
        for (int e : best.of(own, taken)) {
          active[rows.offset(b, e, i)] = 1;
        }
      }
    }
    return Tensor.adopt(rows, active);
  }

  /** What a token gives to each of the routed heads. */
  private static double[] row(
      AttentionProblem problem, @Nullable Var scores, int routed, int b, int i) {
    double[] row = new double[routed];
    Arrays.setAll(
        row,
        e ->
            scores == null
                ? length(problem, b, problem.heads() - routed + e, i)
                : scores.value().at(b, i, e));
    return row;
  }

  /** The place of a routed head among those that a token may take, in words. */
  String place(int b, int e, int i) {
    return BestScores.place(row(problem, scores, active.shape().extent(1), b, i), e);
  }

  /** |q| of a head: its order is that of the softmax of |q| over any spread. */
  private static double length(AttentionProblem problem, int b, int h, int i) {
    double squares = 0;
    for (int c = 0; c < problem.depth(); c++) {
      double q = problem.q().at(b, h, i, c);
      squares += q * q;
    }
    return StrictMath.sqrt(squares);
  }

  private static Tensor valid(Tensor given, Shape rows, AttentionProblem problem) {
    Require.argument(
        given.shape().equals(rows), "active has shape %s: %s is needed", given.shape(), rows);
    return KeepMask.where(rows, x -> given.at(x) != 0 && x[2] < problem.queryLength(x[0]));
  }

  /**
   * {@code factor} times the sum over routed heads of the mean score and the share of the tokens,
   * [1].
   */
  Var balance(double factor) {
    Require.argument(scores != null, "the balance is that of a router: give w_routed");
    Var softmax = Objects.requireNonNull(scores);
    int routed = active.shape().extent(1);
    double tokens = 0;
    for (int b = 0; b < problem.batches(); b++) {
      tokens += problem.queryLength(b);
    }
    double[] shares = new double[routed];
    for (int p = 0; p < active.size(); p++) {
      shares[active.shape().index(p)[1]] += active.get(p) / tokens;
    }
    double count = tokens;
    Shape shape = softmax.shape();
    Tensor weights =
        Tensor.generate(
            shape,
            p -> {
              int[] x = shape.index(p);
              return x[1] < problem.queryLength(x[0]) ? shares[x[2]] / count : 0;
            });
    Var weighed = Ops.mul(softmax, Ops.constant(softmax.tape(), weights));
    return Ops.scale(Ops.sum(Ops.reshape(weighed, Shape.of(shape.size())), 0), factor);
  }
}
