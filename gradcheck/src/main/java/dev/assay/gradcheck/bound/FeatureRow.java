package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;

/**
 * The weights of one row of attention through features, {@code w_j = q . k_j}, and its normaliser
 * {@code z = sum_j w_j + guard}, with their errors. N keys, d channels, {@code gamma(n, u) = n u /
 * (1 - n u)}:
 *
 * <pre>
 * A_j  = sum_c |q_c||k_jc|          ew_j = sum_c (eq |k_j| + |q| ek_j + eq ek_j)      inherited
 * fuzz = gamma(d + N + 4, uS) + uP
 * E_z  = fuzz (sum_j A_j + guard) + sum_j ew_j + tiny          least = |z| - E_z
 * </pre>
 *
 * <p>A kernel may take pairs (sum over c, then over j) or a state (sum over j, then over c), or one
 * for some keys and the other for the rest: no product takes part in more than d + N additions.
 * What lies between, weight or state, may be rounded to uP. Magnitudes are those of products, A_j
 * and not |w_j|, for a state adds them up before they cancel.
 */
final class FeatureRow {
  private final Operands x;
  private final AttentionProblem problem;
  private final Rounding u;
  private final double guard;
  private final MetKeys met;
  private final double[] weight;
  private final double[] magnitude;
  private final double[] inherited;
  private double normaliser;
  private double errorOfNormaliser;
  private double queryMagnitude;

  FeatureRow(Operands x, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.u = u;
    this.guard = ((FeaturePlan) x.plan()).guard();
    this.met = new MetKeys(problem, x.plan());
    this.weight = new double[problem.keys()];
    this.magnitude = new double[problem.keys()];
    this.inherited = new double[problem.keys()];
  }

  /** {@code n u / (1 - n u)}. */
  static double gamma(double n, double u) {
    return n * u < 1 ? n * u / (1 - n * u) : Double.POSITIVE_INFINITY;
  }

  /** Loads query i of batch entry b and head h. */
  void of(int b, int h, int i) {
    met.of(b, h, i);
    int query = problem.queryRow(b, h, i) * problem.depth();
    normaliser = met.size() == 0 ? 0 : guard;
    double sizes = guard;
    double errors = 0;
    queryMagnitude = 0;
    for (int c = 0; c < problem.depth(); c++) {
      queryMagnitude += Math.abs(x.q().value().get(query + c));
    }
    for (int t = 0; t < met.size(); t++) {
      weigh(t, query, problem.keyRow(b, problem.kvHead(h), met.key(t)) * problem.depth());
      normaliser += weight[t];
      sizes += magnitude[t];
      errors += inherited[t];
    }
    boolean exact = sizes == 0 || met.size() == 0;
    errorOfNormaliser = exact ? errors : fuzz() * sizes + errors + tiny(met.size());
  }

  private void weigh(int t, int query, int key) {
    weight[t] = 0;
    magnitude[t] = 0;
    inherited[t] = 0;
    for (int c = 0; c < problem.depth(); c++) {
      double q = x.q().value().get(query + c);
      double k = x.k().value().get(key + c);
      double eq = x.q().errorAt(query + c);
      double ek = x.k().errorAt(key + c);
      weight[t] += q * k;
      magnitude[t] += Math.abs(q * k);
      inherited[t] += eq * Math.abs(k) + (Math.abs(q) + eq) * ek;
    }
  }

  int size() {
    return met.size();
  }

  int key(int t) {
    return met.key(t);
  }

  double weight(int t) {
    return weight[t];
  }

  /** A of key number t. */
  double magnitude(int t) {
    return magnitude[t];
  }

  /** The error that the weight of key number t has from q and k. */
  double inherited(int t) {
    return inherited[t];
  }

  double normaliser() {
    return normaliser;
  }

  double errorOfNormaliser() {
    return errorOfNormaliser;
  }

  /**
   * The least that a kernel's normaliser may be in magnitude; not positive if it may be 0, then
   * nothing is bounded.
   */
  double least() {
    return Math.abs(normaliser) - errorOfNormaliser;
  }

  /** Whether the normaliser is 0 in every arithmetic, so that the row is 0. */
  boolean empty() {
    return normaliser == 0 && errorOfNormaliser == 0;
  }

  /** Relative rounding of a product that is summed over channels and keys. */
  double fuzz() {
    return gamma(problem.depth() + met.size() + 4, u.uS()) + u.uP();
  }

  /** What underflow may lose in sums over keys whose third factors add up to so much. */
  double tiny(double third) {
    double products = problem.depth() * third + met.size() * (1 + queryMagnitude);
    return u.tinyS() * products + u.tinyP() * (third + queryMagnitude);
  }
}
