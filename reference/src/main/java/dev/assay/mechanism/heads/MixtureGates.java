package dev.assay.mechanism.heads;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.heads.Moh.Gates;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The factors of the heads of a {@link Moh}, as the softmaxes of its routers make them.
 *
 * @param settings counts and reading
 * @param problem heads and queries
 * @param active 1 where a token takes a routed head, [B, routed, n_q]
 */
record MixtureGates(Moh settings, AttentionProblem problem, Tensor active) {

  /**
   * [B, H, n_q]: shared heads, then routed ones.
   *
   * @param router its logits [B, n_q, routed], or null
   * @param shared softmax of shared heads [B, n_q, shared], or null for even gates
   * @param levels softmax of the two levels [B, n_q, 2], or null for even ones
   */
  Var all(Tape tape, @Nullable Var router, @Nullable Var shared, @Nullable Var levels) {
    int heads = active.shape().extent(1);
    Require.argument(
        levels == null || (heads > 0 && settings.shared() > 0 && settings.gates() != Gates.HARD),
        "w_level weighs shared against routed heads, but %d are shared of %d, with gates %s",
        settings.shared(),
        problem.heads(),
        settings.gates());
    Require.argument(
        shared == null || settings.gates() != Gates.HARD,
        "w_shared weighs shared heads, but gates=HARD weighs nothing: leave it out");
    Var first = sharedGates(tape, shared);
    Var second = routedGates(tape, router);
    if (settings.shared() == 0 || heads == 0) {
      return byHead(settings.shared() == 0 ? second : first);
    }
    return byHead(Ops.concat(2, atLevel(first, levels, 0), atLevel(second, levels, 1)));
  }

  private static Var byHead(Var byToken) {
    return Ops.permute(byToken, 0, 2, 1);
  }

  private Var atLevel(Var gates, @Nullable Var levels, int level) {
    if (settings.gates() == Gates.HARD) {
      return gates;
    }
    boolean formula = settings.gates() == Gates.FORMULA;
    if (levels == null) {
      return formula ? Ops.scale(gates, 0.5) : gates;
    }
    Var factor = Ops.slice(levels, 2, level, level + 1);
    return Ops.mul(gates, formula ? factor : Ops.scale(factor, 2));
  }

  private Var sharedGates(Tape tape, @Nullable Var softmax) {
    int count = settings.shared();
    boolean formula = settings.gates() == Gates.FORMULA;
    if (softmax == null || settings.gates() == Gates.HARD) {
      Shape rows = Shape.of(problem.batches(), problem.queries(), count);
      return Ops.constant(tape, Tensor.full(rows, formula ? 1.0 / Math.max(1, count) : 1));
    }
    return formula ? softmax : Ops.scale(softmax, count);
  }

  private Var routedGates(Tape tape, @Nullable Var router) {
    Shape rows = Shape.of(problem.batches(), problem.queries(), active.shape().extent(1));
    Tensor taken =
        Tensor.generate(
            rows,
            p -> {
              int[] x = rows.index(p);
              return active.at(x[0], x[2], x[1]);
            });
    if (router == null || settings.gates() == Gates.HARD) {
      return Ops.constant(tape, taken);
    }
    if (settings.gates() == Gates.FORMULA) {
      return Ops.select(Ops.maskedSoftmax(router, Tensor.full(rows, 1)), taken);
    }
    // Scores divided by their sum over the heads taken; so written it holds if all of them
    // underflow.
    return Ops.scale(Ops.maskedSoftmax(router, taken), Math.min(settings.taken(), rows.extent(2)));
  }
}
