package dev.assay.gradcheck.enclosure;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.AttendVjp;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.DoubleArithmetic;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.Rounding;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How far every right kernel of a class may lie from the true results of a case: radii that are
 * proven, without truncation, by evaluating the formulas in balls and letting every operation of
 * such a kernel err at its worst ({@link LogitRadii}, {@link ForwardRadii}, {@link BackwardRadii}).
 *
 * <p>It exists for cases that are one softmax over listed keys, dense, by blocks, by chunks or by
 * lists, of tensors that are given. What a mechanism computes around it is not followed.
 */
public final class Enclosure {
  private Enclosure() {}

  /**
   * The radii around the golden values for each class that the case lists, by tensor name; empty if
   * the case is more than one softmax.
   */
  public static Optional<Map<PrecisionClass, SequencedMap<String, Tensor>>> radii(GoldenCase one) {
    Evaluation run = Evaluation.lower(one.mechanism(), one.inputs(), new ScalarEngine());
    List<Node> nodes = run.tape().nodes();
    boolean plain =
        !nodes.isEmpty()
            && nodes.size() <= 2
            && nodes.getFirst().op() instanceof Attend attend
            && isSoftmax(attend)
            && (nodes.size() == 1 || nodes.getLast().op() instanceof AttendVjp);
    return plain ? Optional.of(walked(one, run.tape())) : Optional.empty();
  }

  private static boolean isSoftmax(Attend attend) {
    return switch (attend.plan()) {
      case DensePlan _, BlockPlan _, ChunkPlan _, GatherPlan _ -> true;
      default -> false;
    };
  }

  private static Map<PrecisionClass, SequencedMap<String, Tensor>> walked(
      GoldenCase one, Tape tape) {
    Attend attend = (Attend) tape.nodes().getFirst().op();
    List<Tensor> given = tape.nodes().getFirst().inputs().stream().map(Var::value).toList();
    Branch bound = Slots.rebind(attend.problem(), attend.plan(), given);
    List<Walk> walks =
        one.classes().stream()
            .map(id -> new Walk(one, bound.problem(), PrecisionClass.find(id)))
            .toList();
    walk(new DoubleArithmetic(), one, bound, walks);
    Map<PrecisionClass, SequencedMap<String, Tensor>> radii = new EnumMap<>(PrecisionClass.class);
    walks.forEach(walk -> radii.put(walk.precision, walk.radii()));
    return radii;
  }

  private static <B extends Ball> void walk(
      Arithmetic<B> on, GoldenCase one, Branch bound, List<Walk> walks) {
    AttentionProblem problem = bound.problem();
    TrueRow<B> row =
        new TrueRow<>(on, problem, bound.plan(), cotangent(one), one.inputs().get("d_lse"));
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < problem.queries(); i++) {
          row.of(b, h, i);
          if (row.size() > 0) {
            for (Walk walk : walks) {
              walk.row(b, h, i, row);
            }
          }
        }
        walks.forEach(Walk::endOfHead);
      }
    }
  }

  /** That of the output: zeros where only one of the log-sum-exp is given; null without any. */
  private static @Nullable Tensor cotangent(GoldenCase one) {
    Tensor given = one.inputs().get("d_out");
    Tensor out = one.expect().get("out");
    return given == null && one.backward() && out != null ? Tensor.zeros(out.shape()) : given;
  }

  /** One class on its way through the rows. */
  private static final class Walk {
    private final PrecisionClass precision;
    private final AttentionProblem problem;
    private final LogitRadii logits;
    private final ForwardRadii forward;
    private final @Nullable BackwardRadii backward;
    private final double[] out;
    private final double[] lse;

    Walk(GoldenCase one, AttentionProblem problem, PrecisionClass precision) {
      Rounding u = Rounding.of(precision, Declared.NOTHING);
      this.precision = precision;
      this.problem = problem;
      this.logits = new LogitRadii(problem, u);
      this.forward = new ForwardRadii(problem, Objects.requireNonNull(one.expect().get("out")), u);
      Tensor dOut = cotangent(one);
      boolean dLse = one.inputs().containsKey("d_lse");
      this.backward = dOut == null ? null : new BackwardRadii(problem, dOut, dLse, u);
      this.out = new double[problem.outShape().size()];
      this.lse = new double[problem.lseShape().size()];
    }

    void row(int b, int h, int i, TrueRow<?> row) {
      logits.of(row);
      forward.of(row, logits);
      for (int c = 0; c < problem.valueDepth(); c++) {
        out[row.query() * problem.valueDepth() + c] = forward.of(c);
      }
      lse[row.query()] = forward.lse();
      if (backward != null) {
        backward.of(b, h, i, row, logits, forward);
      }
    }

    void endOfHead() {
      if (backward != null) {
        backward.endOfHead();
      }
    }

    SequencedMap<String, Tensor> radii() {
      SequencedMap<String, Tensor> radii = new LinkedHashMap<>();
      radii.put("out", Tensor.adopt(problem.outShape(), out));
      radii.put("lse", Tensor.adopt(problem.lseShape(), lse));
      if (backward != null) {
        List<double[]> found = new ArrayList<>(backward.radii());
        radii.put("dq", Tensor.adopt(problem.q().shape(), found.get(0)));
        radii.put("dk", Tensor.adopt(problem.k().shape(), found.get(1)));
        radii.put("dv", Tensor.adopt(problem.v().shape(), found.get(2)));
        Tensor bias = problem.bias();
        if (bias != null) {
          radii.put("dbias", Tensor.adopt(bias.shape(), found.get(3)));
        }
      }
      return radii;
    }
  }
}
