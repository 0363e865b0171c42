package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gradients in fp64, with a stage made wrong. */
final class BackwardModel {
  private final AttentionProblem problem;
  private final BackwardFault fault;
  private final Row row;
  private final Tensor dOut;
  private final @Nullable Tensor dLse;
  private final double[] dq;
  private final double[] dk;
  private final double[] dv;

  private BackwardModel(Evidence evidence, BackwardFault fault, Tensor dOut) {
    this.problem = evidence.problem();
    this.fault = fault;
    this.row = new Row(evidence);
    this.dOut = dOut;
    this.dLse = evidence.golden().inputs().get("d_lse");
    this.dq = new double[problem.q().size()];
    this.dk = new double[problem.k().size()];
    this.dv = new double[problem.v().size()];
  }

  /** dq, dk and dv by name, or null where the case's tensors are not those of the softmax. */
  static @Nullable Map<String, double[]> of(Evidence evidence, BackwardFault fault) {
    Tensor dOut = evidence.golden().inputs().get("d_out");
    boolean same =
        dOut != null
            && dOut.shape().equals(evidence.problem().outShape())
            && same(evidence, "q", evidence.problem().q())
            && same(evidence, "k", evidence.problem().k())
            && same(evidence, "v", evidence.problem().v());
    if (!same || dOut == null) {
      return null;
    }
    BackwardModel model = new BackwardModel(evidence, fault, dOut);
    model.run();
    return Map.of("dq", model.dq, "dk", model.dk, "dv", model.dv);
  }

  private static boolean same(Evidence evidence, String name, Tensor tensor) {
    Tensor given = evidence.golden().inputs().get(name);
    return given != null && given.shape().equals(tensor.shape()) && given.bitEquals(tensor);
  }

  private void run() {
    int rows = problem.lseShape().size();
    for (int at = 0; at < rows; at++) {
      row.of(at);
      if (!row.empty()) {
        RowResult right = row.right();
        double delta = delta(right);
        for (int j = 0; j < row.keys(); j++) {
          if (fault.counts(row, j)) {
            pair(at, j, right.lse(), delta);
          }
        }
      }
    }
  }

  private double delta(RowResult right) {
    int width = right.out().length;
    int from = fault.cotangent(row.row()) * width;
    double dot = 0;
    double square = 0;
    for (int c = 0; c < width; c++) {
      dot += dOut.get(from + c) * right.out()[c];
      square += dOut.get(from + c) * dOut.get(from + c);
    }
    return fault.delta(dot, square, dLse == null ? 0 : dLse.get(row.row()));
  }

  private void pair(int at, int j, double lse, double delta) {
    int width = problem.valueDepth();
    int depth = problem.depth();
    int from = fault.cotangent(at) * width;
    int keyRow = row.keyRow(j);
    double keep = row.keep(j);
    double p = fault.weight(row.unmasked(j), lse);
    double dropped = fault.dropped(p, keep);
    double dot = 0;
    for (int c = 0; c < width && keep != 0; c++) {
      dot += dOut.get(from + c) * problem.v().get(keyRow * width + c);
      dv[keyRow * width + c] += dropped * dOut.get(from + c);
    }
    double dS = p * (fault.dP(dot, keep) - delta) * fault.slope(slope(j)) * problem.scale();
    for (int c = 0; c < depth; c++) {
      dq[at * depth + c] += dS * problem.k().get(keyRow * depth + c);
      dk[keyRow * depth + c] += dS * problem.q().get(at * depth + c);
    }
  }

  private double slope(int j) {
    double cap = problem.softcap();
    double capped = cap > 0 ? row.capped(row.score(j)) / cap : 0;
    return 1 - capped * capped;
  }
}
