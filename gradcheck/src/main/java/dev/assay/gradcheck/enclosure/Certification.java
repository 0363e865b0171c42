package dev.assay.gradcheck.enclosure;

import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.Tensor;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Which published bounds of a case are at least as large as the proven radius. Only those are
 * called certified. For one that is not, either the radius is pessimistic or the bound is too
 * small; the ratio says how far they are apart.
 *
 * @param elements numbers that have a bound
 * @param certified of these, those whose bound covers every right kernel, by proof
 * @param worst largest radius in units of its bound
 */
public record Certification(long elements, long certified, double worst) {
  /** Nothing yet. */
  public static final Certification NONE = new Certification(0, 0, 0);

  /** Counts of both. */
  public Certification and(Certification other) {
    return new Certification(
        elements + other.elements, certified + other.certified, Math.max(worst, other.worst));
  }

  /**
   * For each class and tensor of a case; empty for a case that no radius is proven for. Results
   * that must be equal to the last bit are left out, as those have no bound.
   */
  public static Map<PrecisionClass, SequencedMap<String, Certification>> of(GoldenCase one) {
    Map<PrecisionClass, SequencedMap<String, Certification>> found =
        new EnumMap<>(PrecisionClass.class);
    Enclosure.radii(one)
        .ifPresent(
            classes ->
                classes.forEach(
                    (precision, radii) -> found.put(precision, of(one, precision, radii))));
    return found;
  }

  private static SequencedMap<String, Certification> of(
      GoldenCase one, PrecisionClass precision, SequencedMap<String, Tensor> radii) {
    SequencedMap<String, Certification> found = new LinkedHashMap<>();
    Map<String, Tensor> bounds = Bounds.of(one, precision, Declared.NOTHING);
    radii.forEach(
        (name, radius) -> {
          Tensor bound = bounds.get(name);
          Tensor golden = one.expect().get(name);
          if (bound != null && golden != null && !one.exact().contains(name)) {
            found.put(name, of(golden, bound, radius));
          }
        });
    return found;
  }

  private static Certification of(Tensor golden, Tensor bound, Tensor radius) {
    long elements = 0;
    long certified = 0;
    double worst = 0;
    for (int p = 0; p < golden.size(); p++) {
      double limit = bound.get(p);
      if (!Double.isFinite(golden.get(p)) || limit == Double.POSITIVE_INFINITY) {
        continue;
      }
      elements++;
      // The golden value is the true one, rounded: that half unit is the bound's to cover.
      double needed = radius.get(p) == 0 ? 0 : radius.get(p) + Math.ulp(golden.get(p)) / 2;
      certified += needed <= limit ? 1 : 0;
      double ratio = needed == 0 ? 0 : needed / limit;
      worst = Math.max(worst, Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio);
    }
    return new Certification(elements, certified, worst);
  }
}
