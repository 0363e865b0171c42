package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Bounds of the gradients of attention through features: {@code D = dO . o}, {@code dw_j = (dO .
 * v_j - D) / z}, {@code dq = sum_j dw_j k_j}, {@code dk_j = sum_i dw_ij q_i}, {@code dv_j = sum_i
 * w_ij dO_i / z_i}. With {@link FeatureRow}, incoming errors of o and dO, and u = uS:
 *
 * <pre>
 * G_j  = sum_c |dO||v_jc|               M_j  = (G_j + |D|) / least
 * E_D  = sum_c (|dO| eo + edO (|o| + eo)) + (dv + 3) u (sum_c |dO||o| + sum_j A_j G_j / least)
 * e_dw = |dw| E_z / least + (sum_c (edO (|v| + ev) + |dO| ev) + E_D) / least
 *      + M (gamma(dv + 5, u) + uDS)
 * e_p  = (|w| E_z / least + ew + A (gamma(d + 5, u) + uP)) / least           the weight of dO in dv
 * </pre>
 *
 * <p>and the sums of {@link FeatureSums} with M, and A / least, as magnitudes. Rounding of weights,
 * states and of {@code dO / z} on the way is one uDS here and one there.
 */
final class FeatureBackwardBound {
  private final Operands x;
  private final AttentionProblem problem;
  private final Rounding u;
  private final Known out;
  private final Known dOut;
  private final FeatureRow row;
  private final FeatureSums dq;
  private final FeatureSums dk;
  private final FeatureSums dv;
  private final int channels;

  FeatureBackwardBound(Operands x, Known out, Known dOut, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.u = u;
    this.out = out;
    this.dOut = dOut;
    this.row = new FeatureRow(x, u);
    this.channels = problem.valueDepth();
    boolean grouped = problem.heads() > problem.kvHeads();
    this.dq = new FeatureSums(x.k(), problem.depth(), problem.q().size(), false);
    this.dk = new FeatureSums(x.q(), problem.depth(), problem.k().size(), grouped);
    this.dv = new FeatureSums(dOut, channels, problem.v().size(), grouped);
    for (int r = 0; r < problem.lseShape().size(); r++) {
      int[] at = problem.lseShape().index(r);
      row.of(at[0], at[1], at[2]);
      if (!row.empty()) {
        bound(at[0], problem.kvHead(at[1]), r);
      }
    }
  }

  /** The bounds of dq, dk and dv, given in fp64. */
  List<double[]> errors(List<Tensor> gradients) {
    return List.of(
        dq.bound(gradients.get(0), u),
        dk.bound(gradients.get(1), u),
        dv.bound(gradients.get(2), u));
  }

  private void bound(int b, int kvHead, int query) {
    double least = row.least() > 0 ? row.least() : 0;
    double off = row.errorOfNormaliser() / least;
    double delta = 0;
    double errorOfDelta = 0;
    for (int c = query * channels; c < (query + 1) * channels; c++) {
      double g = dOut.value().get(c);
      double o = out.value().get(c);
      delta += g * o;
      errorOfDelta +=
          Math.abs(g) * out.errorAt(c) + dOut.errorAt(c) * (Math.abs(o) + out.errorAt(c));
      errorOfDelta += (channels + 3) * u.uS() * Math.abs(g * o);
    }
    Value[] values = new Value[row.size()];
    for (int t = 0; t < values.length; t++) {
      values[t] = value(problem.keyRow(b, kvHead, row.key(t)), query);
      double share = row.magnitude(t) * values[t].magnitude() / least;
      errorOfDelta += (channels + 3) * u.uS() * share;
    }
    double rounding = FeatureRow.gamma(channels + 5, u.uS()) + u.uDS();
    double weighing = FeatureRow.gamma(problem.depth() + 5, u.uS()) + u.uP();
    for (int t = 0; t < values.length; t++) {
      int key = problem.keyRow(b, kvHead, row.key(t));
      double dWeight = (values[t].dot() - delta) / row.normaliser();
      double magnitude = (values[t].magnitude() + Math.abs(delta)) / least;
      double error =
          Math.abs(dWeight) * off
              + (values[t].inherited() + errorOfDelta) / least
              + magnitude * rounding;
      dq.add(query, key, dWeight, error, magnitude);
      dk.add(key, query, dWeight, error, magnitude);
      double weight = row.weight(t) / row.normaliser();
      double size = row.magnitude(t) / least;
      double errorOfWeight =
          Math.abs(row.weight(t)) / least * off + row.inherited(t) / least + size * weighing;
      dv.add(key, query, weight, errorOfWeight, size);
    }
  }

  /** dO . v of a key, the sum of magnitudes, and the error inherited from dO and v. */
  private record Value(double dot, double magnitude, double inherited) {}

  private Value value(int key, int query) {
    double dot = 0;
    double magnitude = 0;
    double inherited = channels * u.tinyS();
    for (int c = 0; c < channels; c++) {
      double g = dOut.value().get(query * channels + c);
      double v = x.v().value().get(key * channels + c);
      double eg = dOut.errorAt(query * channels + c);
      double ev = x.v().errorAt(key * channels + c);
      dot += g * v;
      magnitude += Math.abs(g * v);
      inherited += eg * (Math.abs(v) + ev) + Math.abs(g) * ev;
    }
    return new Value(dot, magnitude, inherited);
  }
}
