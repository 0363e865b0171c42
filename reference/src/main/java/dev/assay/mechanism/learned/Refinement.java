package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * The correction of a {@link Cao} to a matrix of weights.
 *
 * @param cao how
 * @param inputs beta, the parameters of Phi, and what decoding carries on
 * @param problem which pairs may exist
 */
record Refinement(Cao cao, Inputs inputs, AttentionProblem problem) {
  /** Below it the sum of a row is not divided by: the row stays what it was. */
  private static final double NOTHING = 1e-12;

  /** The corrected weights; they keep the support, except in L_EQ3. */
  Weights of(Weights weights) {
    return switch (cao.mode()) {
      case OFF -> weights;
      case P_LOGIT ->
          weights.withLogits(Ops.add(weights.logits(), correction(weights, weights.reach())));
      case L_EQ3 -> {
        Tensor everywhere = KeepMask.of(reached(), (b, h, i, j) -> true);
        Var sum = Ops.add(weights.matrix(), correction(weights, everywhere));
        yield with(weights, sum, everywhere);
      }
      case P_RENORM -> with(weights, renormalised(weights), weights.reach());
      case P_ZEROSUM -> {
        Var tanh = tanh(weights, weights.reach());
        Var mean = Ops.sum(Ops.mul(weights.matrix(), tanh), -1);
        Var change = Ops.shift(Ops.mul(beta(), Ops.sub(tanh, mean)), 1);
        yield with(weights, Ops.mul(weights.matrix(), change), weights.reach());
      }
    };
  }

  private static Weights with(Weights weights, Var matrix, Tensor reach) {
    return new Weights(
        weights.logits(), matrix, weights.lse(), weights.support(), reach, weights.gate());
  }

  /** P_LOGIT as a bias of logits, for an engine. */
  Var bias(Var logits, Tensor support) {
    // Behind one axis less, so that whoever watches sees the last softmax alone.
    Shape shape = logits.shape();
    Shape flat = Shape.of(shape.extent(0) * shape.extent(1), shape.extent(2), shape.extent(3));
    Var matrix =
        Ops.reshape(Ops.maskedSoftmax(Ops.reshape(logits, flat), support.reshape(flat)), shape);
    Var lse = Ops.constant(logits.tape(), Tensor.zeros(problem.lseShape()));
    return correction(new Weights(logits, matrix, lse, support, support, null), support);
  }

  /** What may get weight in L_EQ3: pairs within the lengths, and behind the frontier or not. */
  AttentionProblem reached() {
    if (cao.respectCausal() || !cao.causal()) {
      return problem;
    }
    int[] offsets = new int[problem.batches()];
    Arrays.setAll(offsets, problem::offset);
    return problem
        .with(problem.q(), problem.k(), problem.v(), problem.bias())
        .causal(false)
        .offset(offsets)
        .build();
  }

  /** {@code beta tanh Phi} where {@code places} is 1, 0 elsewhere. */
  private Var correction(Weights weights, Tensor places) {
    return Ops.mul(beta(), tanh(weights, places));
  }

  private Var tanh(Weights weights, Tensor places) {
    Var phi =
        switch (cao.phi()) {
          case MLP -> new PairNetwork(inputs).of(new PairFeatures(this, weights), places);
          case ASSIGN -> assignment(weights, places);
        };
    return Ops.select(Ops.tanh(phi), places);
  }

  private Var beta() {
    Var given = inputs.find("beta");
    if (given == null) {
      return Ops.constant(inputs.var("q").tape(), Tensor.of(Shape.of(1), cao.strength()));
    }
    Require.argument(given.shape().size() == 1, "beta has shape %s: [1] is needed", given.shape());
    return Ops.reshape(given, Shape.of(1));
  }

  /**
   * {@code R = max(0, A + beta tanh Phi) M, A' = R / sum R}. The sum is taken relative to that of
   * A, which is 1 up to rounding, so that beta = 0 gives A bit for bit.
   */
  private Var renormalised(Weights weights) {
    Var a = weights.matrix();
    Var moved = Ops.add(a, correction(weights, weights.reach()));
    Tensor positive = Tensor.generate(a.shape(), p -> moved.value().get(p) > 0 ? 1 : 0);
    Var kept = Ops.mul(Ops.select(moved, positive), weights.mask());
    Var sum = Ops.sum(kept, -1);
    Tensor usable = Tensor.generate(sum.shape(), p -> sum.value().get(p) >= NOTHING ? 1 : 0);
    Tensor rest = Tensor.generate(sum.shape(), p -> 1 - usable.get(p));
    Var before = Ops.detach(Ops.sum(a, -1));
    Var ratio = Ops.div(sum, guarded(before, usable, rest));
    Var divided = Ops.div(kept, guarded(ratio, usable, rest));
    return Ops.add(chosen(divided, usable), chosen(a, rest));
  }

  /** Where a row is not usable, 1 instead. */
  private static Var guarded(Var rows, Tensor usable, Tensor rest) {
    return Ops.add(Ops.select(rows, usable), Ops.constant(rows.tape(), rest));
  }

  private static Var chosen(Var x, Tensor rows) {
    return Ops.select(x, KeepMask.where(x.shape(), at -> KeepMask.broadcast(rows, at) != 0));
  }

  /** {@code exp(A / eps)} with rows and columns scaled to sum to 1 in turn, minus A. */
  private Var assignment(Weights weights, Tensor places) {
    Tensor support = weights.support();
    Var p = Ops.select(Ops.exp(Ops.scale(weights.matrix(), 1 / cao.epsilon())), support);
    for (int round = 0; round < cao.rounds(); round++) {
      p = scaled(p, -1);
      p = scaled(p, -2);
    }
    return Ops.select(Ops.sub(p, weights.matrix()), places);
  }

  private static Var scaled(Var p, int axis) {
    Var sum = Ops.sum(p, axis);
    Tensor some = Tensor.generate(sum.shape(), x -> sum.value().get(x) > 0 ? 1 : 0);
    Tensor none = Tensor.generate(sum.shape(), x -> 1 - some.get(x));
    return Ops.div(p, guarded(sum, some, none));
  }
}
