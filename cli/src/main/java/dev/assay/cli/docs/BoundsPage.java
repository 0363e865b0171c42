package dev.assay.cli.docs;

import dev.assay.gradcheck.enclosure.Certification;
import dev.assay.gradcheck.mutant.SmallestFault.Found;
import dev.assay.gradcheck.mutant.Tightness;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The page on what the bounds of the suite are worth. */
public final class BoundsPage {
  private static final List<String> TENSORS = List.of("out", "lse", "dq", "dk", "dv", "dbias");

  private static final String HEAD =
      """
      # What the bounds are worth

      <!-- made by './assay bounds --write', with bounds.json -->

      A bound must be no smaller than the error of any right kernel (else it blames the innocent), and not much larger (else it overlooks
      faults). The formulas are in section 7 of the suite's SPEC.md. Here each is held against a proof, against right kernels, and against wrong ones.

      ## Certified

      For a case that is one softmax over tensors that are given (dense, by blocks, by chunks, by lists of keys), every operation of a right kernel
      of the class errs at its worst, forward and gradient, nothing left out for being of higher order: the true numbers in balls, the errors
      with every rounding upward. A bound is *certified* where it covers that radius and the rounding of the golden value. 'Room' is the largest
      radius, with that rounding, over its bound: at 0.98 the bound is as small as the proof allows. A dash: some radius is infinite.

      """;

  private static final String TIGHT =
      """

      ## Tight

      The looseness of a tensor of a case is the least of bound over error, over its elements and over all right kernels of the class that
      were run. The least, since an element whose error happens to be small says nothing of its bound. The goal is a median of 8 and a 99th
      percentile of 64 over cases. The same is told of every row alone (of an LSE, every number), where few elements have a chance to err. Silent
      rows, in which no kernel errs, have no looseness and are counted apart. Bounds are for the worst signs of all roundings, which grow with
      the number n of operations; real errors grow with its root. So the more operations a class bounds one by one (f64, f32-flash), the looser;
      where storage decides (bf16-flash, fp16-flash) it is not.

      How much that is can be measured apart: over n keys the plain order errs like n^0.45, while its worst case grows like n^0.99
      ([precision.md](precision.md)); at 1024 keys that alone is a factor of 40. A bound of sqrt(n) would have to take roundings for independent,
      and the same page shows sums that stand still and roundings of one sign, for which they are not: such a bound would blame right kernels, with
      no more than a probability of being right. A smaller power of n needs a kernel that declares how it sums (pairs, or blocks of a size), which
      no class asks for. And in f64 there is one right kernel, the scalar engine, with one order of every sum: its largest error is smaller by luck than that of
      many would be. Where logits are large or nearly all of a sum cancels, no kernel that was run comes near the worst signs: the 99th percentiles.

      """;

  private static final String FAULTS =
      """

      ## Smallest faults that are found

      One stage of the plain kernel gives a fraction too much, everywhere. The smallest fraction of the form 2^(-e/2) for which a gate closes, over
      the core of the suite: G1 (some element outside its bound) / G2 (a tensor leans, over all cases together). Results that must be exact are left out: they show
      any fault. The smallest that is tried is 2^-24: 6.0e-08 is that or less. A dash: even twice as much is not found by that gate.

      """;

  private BoundsPage() {}

  /** The page as Markdown. */
  public static String of(BoundsStudy study) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append(
        "%d cases have proven radii; %d are more than one softmax and have none: their bounds are followed op by op, not certified.\n\n"
            .formatted(study.proofs(), study.without()));
    page.append("| class | tensor | bounds | certified | room |\n|---|---|---:|---:|---:|\n");
    study
        .certified()
        .forEach(
            (precision, own) -> own.forEach((name, one) -> certified(page, precision, name, one)));
    page.append("\nNot certified: ");
    page.append(study.uncertified().isEmpty() ? "none" : "");
    String separator = "";
    for (var one : study.uncertified().entrySet()) {
      page.append(separator).append("`%s` (%d)".formatted(one.getKey(), one.getValue()));
      separator = ", ";
    }
    page.append(
        ". Where inputs are infinite or NaN there are no real numbers to prove anything of.\n");
    tight(page, study);
    faults(page, study);
    return page.toString();
  }

  private static void certified(
      StringBuilder page, PrecisionClass precision, String name, Certification one) {
    page.append(
        "| %s | %s | %d | %d | %s |\n"
            .formatted(precision.id(), name, one.elements(), one.certified(), figure(one.worst())));
  }

  private static void tight(StringBuilder page, BoundsStudy study) {
    page.append(TIGHT);
    page.append(
        "%d right kernels: the plain kernel in its forms for the classes in ...-flash, and the engines scalar (f64) and simd (f32-flash).\n\n"
            .formatted(study.kernels()));
    page.append(
        "| class | tensor | cases | least | median | 99th percentile | rows | silent | median | 99th percentile |\n");
    page.append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (PrecisionClass precision : PrecisionClass.values()) {
      for (String tensor : TENSORS) {
        if (study.byCase(precision, tensor).length > 0) {
          tight(page, study, precision, tensor);
        }
      }
    }
    page.append(
        """

        The figures of each case are in [bounds.json](bounds.json), and with them the geometric mean of the positive finite bounds, factor
        1 + 2^-6 included, of every tensor in every class: whoever computes the bounds of section 7 in another language can check them by it.
        """);
  }

  private static void tight(
      StringBuilder page, BoundsStudy study, PrecisionClass precision, String tensor) {
    double[] cases = study.byCase(precision, tensor);
    double[] rows = study.loose(precision, tensor);
    int silent =
        study.loose().stream()
            .filter(one -> one.precision() == precision && one.tensor().equals(tensor))
            .mapToInt(Tightness.Entry::silent)
            .sum();
    page.append(
        "| %s | %s | %d | %s | %s | %s | %d | %d | %s | %s |\n"
            .formatted(
                precision.id(),
                tensor,
                cases.length,
                figure(cases[0]),
                figure(Tightness.quantile(cases, 0.5)),
                figure(Tightness.quantile(cases, 0.99)),
                rows.length,
                silent,
                figure(Tightness.quantile(rows, 0.5)),
                figure(Tightness.quantile(rows, 0.99))));
  }

  private static void faults(StringBuilder page, BoundsStudy study) {
    page.append(FAULTS).append("| what is off |");
    List<PrecisionClass> classes =
        study.faults().stream().map(Found::precision).distinct().toList();
    classes.forEach(one -> page.append(' ').append(one.id()).append(" |"));
    page.append("\n|---|").append("---:|".repeat(classes.size())).append('\n');
    study.faults().stream()
        .map(Found::stage)
        .distinct()
        .forEach(
            stage -> {
              page.append("| ").append(stage.title()).append(" |");
              for (PrecisionClass precision : classes) {
                study.faults().stream()
                    .filter(one -> one.stage() == stage && one.precision() == precision)
                    .forEach(
                        one ->
                            page.append(
                                " %s / %s |".formatted(size(one.element()), size(one.bias()))));
              }
              page.append('\n');
            });
  }

  private static String size(OptionalDouble fraction) {
    return fraction.isPresent() ? String.format(Locale.ROOT, "%.1e", fraction.getAsDouble()) : "-";
  }

  private static String figure(double x) {
    if (!Double.isFinite(x)) {
      return "-";
    }
    return String.format(Locale.ROOT, x < 10 ? "%.2f" : x < 1e4 ? "%.0f" : "%.1e", x);
  }
}
