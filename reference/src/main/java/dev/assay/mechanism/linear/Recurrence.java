package dev.assay.mechanism.linear;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Padding;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.linear.LinearRecurrence.Decay;
import dev.assay.mechanism.linear.LinearRecurrence.Keys;
import dev.assay.mechanism.linear.LinearRecurrence.Run;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a {@link LinearRecurrence} in the shapes of its plan, with neutral tokens behind
 * the lengths: key, value and query 0, decay 1.
 */
final class Recurrence {
  private static final double NORM_GUARD = 1e-6;

  private final Rule rule;
  private final double scale;
  private final AttentionProblem problem;
  private final Var q;
  private final Var k;
  private final Var v;
  private final @Nullable Var decay;
  private final @Nullable Var beta;
  private final @Nullable Var past;

  private Recurrence(LinearRecurrence mechanism, Inputs inputs, AttentionProblem problem) {
    this.rule = mechanism.rule();
    this.problem = problem;
    this.scale = problem.scale();
    this.q = norm(valid(inputs.var("q")), mechanism.keys());
    this.k = norm(valid(inputs.var("k")), mechanism.keys());
    this.v = valid(inputs.var("v"));
    this.decay = rule.decays() ? decay(inputs.var("decay"), mechanism.decayAs()) : null;
    this.beta = rule.steps() ? beta(inputs.var("beta")) : null;
    this.past = past(inputs.find("past_state"));
  }

  static Recurrence of(LinearRecurrence mechanism, Inputs inputs) {
    Var q = inputs.var("q");
    int tokens = q.shape().rank() == 4 ? q.shape().extent(2) : 0;
    Tensor k = inputs.var("k").value();
    Require.argument(
        k.shape().rank() != 4 || k.shape().extent(2) == tokens,
        "k has shape %s for %d queries: a recurrence reads a key with every query",
        k.shape(),
        tokens);
    int[] lengths = inputs.integers("q_lens");
    int[] keyLengths = inputs.integers("k_lens");
    Require.argument(
        Arrays.equals(lengths, keyLengths),
        "q_lens and k_lens differ: a recurrence reads a key with every query, so give the same");
    var builder =
        AttentionProblem.of(q.value(), k, inputs.var("v").value())
            .queryLengths(lengths)
            .keyLengths(lengths);
    if (mechanism.scale() != 0) {
      builder.scale(mechanism.scale());
    }
    return new Recurrence(mechanism, inputs, builder.build());
  }

  /** Tokens of a batch entry. */
  int length(int b) {
    return problem.queryLength(b);
  }

  private Var valid(Var x) {
    return Padding.queries(x, problem);
  }

  private static Var norm(Var x, Keys keys) {
    if (keys == Keys.AS_GIVEN) {
      return x;
    }
    Var squares = Ops.sum(Ops.mul(x, x), -1);
    return Ops.div(x, Ops.sqrt(Ops.shift(squares, NORM_GUARD)));
  }

  private Var decay(Var given, Decay as) {
    Shape wanted = problem.k().shape();
    Require.argument(
        given.shape().equals(wanted) || given.shape().equals(wanted.with(3, 1)),
        "decay has shape %s: %s is needed, or 1 in place of the last extent",
        given.shape(),
        wanted);
    Var known = valid(Ops.broadcast(given, wanted));
    // The logarithm 0 behind a length is the factor 1 already.
    return as == Decay.LOG
        ? Ops.exp(known)
        : Ops.add(known, Ops.constant(q.tape(), behind(wanted)));
  }

  private Tensor behind(Shape shape) {
    return KeepMask.where(shape, x -> x[2] >= length(x[0]));
  }

  private Var beta(Var given) {
    Shape wanted = Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
    Require.argument(
        given.shape().equals(wanted) || given.shape().equals(wanted.with(1, 1)),
        "beta has shape %s: %s is needed, or 1 in place of the heads",
        given.shape(),
        wanted);
    return valid(Ops.broadcast(given, wanted));
  }

  private @Nullable Var past(@Nullable Var given) {
    Shape wanted = stateShape();
    Require.argument(
        given == null || given.shape().equals(wanted),
        "past_state has shape %s: %s is needed",
        given == null ? "none" : given.shape(),
        wanted);
    return given;
  }

  private Shape stateShape() {
    return Shape.of(problem.batches(), problem.kvHeads(), problem.depth(), problem.valueDepth());
  }

  /** Token by token, as the rule is printed. */
  Run byOps() {
    Var state = past == null ? Ops.constant(q.tape(), Tensor.zeros(stateShape())) : past;
    List<Var> rows = new ArrayList<>();
    for (int t = 0; t < problem.queries(); t++) {
      state = step(state, t);
      Var heads = Softmax.perQueryHead(state, problem.heads());
      rows.add(Ops.scale(Ops.matMul(Ops.slice(q, 2, t, t + 1), heads), scale));
    }
    Var out =
        rows.isEmpty()
            ? Ops.constant(q.tape(), Tensor.zeros(problem.outShape()))
            : Ops.concat(2, rows.toArray(Var[]::new));
    return new Run(valid(out), state);
  }

  private Var step(Var before, int t) {
    Var state = before;
    Var key = Ops.transpose(Ops.slice(k, 2, t, t + 1));
    if (decay != null) {
      state = Ops.mul(Ops.transpose(Ops.slice(decay, 2, t, t + 1)), state);
    }
    Var change = Ops.slice(v, 2, t, t + 1);
    if (beta != null) {
      Var held = Ops.matMul(Ops.transpose(key), state);
      Shape one = Shape.of(problem.batches(), problem.kvHeads(), 1, 1);
      Var size = Ops.reshape(Ops.slice(beta, 2, t, t + 1), one);
      change = Ops.mul(size, Ops.sub(change, held));
    }
    return Ops.add(state, Ops.matMul(key, change));
  }

  /**
   * As a run of the plan. A past state is written by d tokens before the first: their keys are unit
   * vectors, their values the rows of the state, their decay and beta 1, and nobody asks them.
   */
  Var on(Engine engine) {
    Tape tape = q.tape();
    int more = past == null ? 0 : problem.depth();
    List<Var> slots = new ArrayList<>();
    slots.add(before(q, more, 0));
    slots.add(past == null ? k : Ops.concat(2, units(tape), k));
    slots.add(past == null ? v : Ops.concat(2, past, v));
    Var factors = decay == null ? null : before(decay, more, 1);
    Var sizes = beta == null ? null : before(beta, more, 1);
    AttentionProblem longer =
        problem
            .with(slots.get(0).value(), slots.get(1).value(), slots.get(2).value(), null)
            .queryLengths(lengths(more))
            .keyLengths(lengths(more))
            .build();
    for (Var slot : new @Nullable Var[] {factors, sizes}) {
      if (slot != null) {
        slots.add(slot);
      }
    }
    RecurrentPlan plan =
        new RecurrentPlan(
            rule, factors == null ? null : factors.value(), sizes == null ? null : sizes.value());
    Var out = Attend.record(tape, engine, longer, plan, slots).getFirst();
    return Ops.slice(out, 2, more, more + problem.queries());
  }

  private int[] lengths(int more) {
    int[] lengths = new int[problem.batches()];
    Arrays.setAll(lengths, b -> length(b) + more);
    return lengths;
  }

  /** So many rows of one number before those of x. */
  private static Var before(Var x, int more, double number) {
    if (more == 0) {
      return x;
    }
    Tensor rows = Tensor.full(x.shape().with(2, more), number);
    return Ops.concat(2, Ops.constant(x.tape(), rows), x);
  }

  private Var units(Tape tape) {
    Shape shape = problem.k().shape().with(2, problem.depth());
    return Ops.constant(tape, KeepMask.where(shape, x -> x[2] == x[3]));
  }
}
