package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.ElementGate;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Samples;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tensor that failed gate G1, with all that a guess needs.
 *
 * @param golden the case
 * @param compared the tensor against its golden one; it has failures
 * @param axes what its axes mean
 * @param oracle computes the case again under other assumptions
 */
public record Failure(GoldenCase golden, Comparison compared, Axes axes, Oracle oracle) {
  /** A failure. */
  public static Failure of(GoldenCase golden, Comparison compared, Oracle oracle) {
    Samples samples = golden.samples();
    Shape shape = compared.golden().shape();
    Axes axes =
        samples == null
            ? Axes.of(compared.tensor(), shape)
            : Axes.sampled(compared.tensor(), shape, samples.of(compared.tensor()));
    return new Failure(golden, compared, axes, oracle);
  }

  /** Its tensor's name. */
  String tensor() {
    return compared.tensor();
  }

  /** The number of failing elements of each failing row; only if {@link Axes#byHead}. */
  TreeMap<Integer, Integer> rows() {
    TreeMap<Integer, Integer> rows = new TreeMap<>();
    for (int position : compared.failures()) {
      rows.merge(axes.row(position), 1, Integer::sum);
    }
    return rows;
  }

  /** Whether the whole result is what it would be if this tensor were the golden one. */
  boolean matches(Tensor candidate) {
    if (!candidate.shape().equals(compared.golden().shape())) {
      return false;
    }
    for (int p = 0; p < candidate.size(); p++) {
      if (!near(p, candidate.get(p))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the whole result is what the oracle gives under another assumption. */
  boolean matchesWith(String assumption, Mechanism mechanism, Map<String, Tensor> inputs) {
    return oracle
        .results(assumption, mechanism, inputs)
        .map(results -> results.get(tensor()))
        .map(this::matches)
        .orElse(false);
  }

  /** Whether the result at a position is what it would be if this were the golden number. */
  boolean near(int position, double candidate) {
    // The bound belongs to the golden number: the candidate has its own errors, of its own size.
    double growth = Math.abs(candidate / compared.golden().get(position));
    double room = 2 * compared.bound().get(position) * (growth > 1 ? Math.min(growth, 4) : 1);
    return ElementGate.passes(compared.value().get(position), candidate, room, compared.type());
  }

  /** The tensors that the case gives. */
  Map<String, Tensor> inputs() {
    return golden.inputs();
  }
}
