package dev.assay.cli.docs;

import dev.assay.gradcheck.golden.Documents;
import dev.assay.gradcheck.mutant.Tightness;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of {@link BoundsPage} as JSON, case by case; docs/bounds.schema.json describes it.
 */
public final class BoundsDocument {
  private static final String SCHEMA = "assay-bounds-1";

  private BoundsDocument() {}

  /** Certified bounds by class and tensor. */
  private record Certified(long bounds, long certified, @Nullable Double room) {}

  /** Looseness of the rows of a tensor; the least is that of the tensor as a whole. */
  private record Loose(
      int rows,
      int silent,
      @Nullable Double least,
      @Nullable Double median,
      @Nullable Double p99) {}

  /** Smallest fractions that a gate finds; null if it finds none. */
  private record Fault(String stage, String precision, @Nullable Double g1, @Nullable Double g2) {}

  /** The text. */
  public static String of(BoundsStudy study) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", SCHEMA);
    root.put("suite", study.suite());
    root.put("proven_cases", study.proofs());
    root.put("cases_without_proof", study.without());
    Map<String, Map<String, Certified>> certified = new LinkedHashMap<>();
    study
        .certified()
        .forEach(
            (precision, own) -> {
              Map<String, Certified> tensors = new LinkedHashMap<>();
              own.forEach(
                  (name, one) ->
                      tensors.put(
                          name,
                          new Certified(one.elements(), one.certified(), finite(one.worst()))));
              certified.put(precision.id(), tensors);
            });
    root.put("certified", certified);
    root.put("not_certified", study.uncertified());
    root.put("means", means(study));
    root.put("looseness", loose(study));
    root.put(
        "smallest_faults",
        study.faults().stream()
            .map(
                one ->
                    new Fault(
                        one.stage().title(),
                        one.precision().id(),
                        number(one.element()),
                        number(one.bias())))
            .toList());
    return Documents.text(root);
  }

  /**
   * Nine digits: enough to tell any change of a formula, too few to tell in which order it sums.
   */
  private static Map<String, Map<String, Map<String, Double>>> means(BoundsStudy study) {
    Map<String, Map<String, Map<String, Double>>> cases = new TreeMap<>();
    study
        .means()
        .forEach(
            (name, classes) -> {
              Map<String, Map<String, Double>> own = new LinkedHashMap<>();
              classes.forEach(
                  (id, tensors) -> {
                    Map<String, Double> rounded = new LinkedHashMap<>();
                    tensors.forEach((tensor, mean) -> rounded.put(tensor, digits(9, mean)));
                    own.put(id, rounded);
                  });
              cases.put(name, own);
            });
    return cases;
  }

  private static Map<String, Map<String, Map<String, Loose>>> loose(BoundsStudy study) {
    Map<String, Map<String, Map<String, Loose>>> cases = new TreeMap<>();
    for (Tightness.Entry one : study.loose()) {
      cases
          .computeIfAbsent(one.name(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(one.precision().id(), _ -> new LinkedHashMap<>())
          .put(
              one.tensor(),
              new Loose(
                  one.loose().length,
                  one.silent(),
                  finite(one.least()),
                  finite(Tightness.quantile(one.loose(), 0.5)),
                  finite(Tightness.quantile(one.loose(), 0.99))));
    }
    return cases;
  }

  private static @Nullable Double number(OptionalDouble x) {
    return x.isPresent() ? finite(x.getAsDouble()) : null;
  }

  /** Three digits are all that the figures mean. */
  private static @Nullable Double finite(double x) {
    return Double.isFinite(x) ? digits(3, x) : null;
  }

  private static Double digits(int digits, double x) {
    return Double.valueOf(String.format(Locale.ROOT, "%." + digits + "g", x));
  }
}
