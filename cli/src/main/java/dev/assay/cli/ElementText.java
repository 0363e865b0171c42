package dev.assay.cli;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.bound.BoundTerms;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.conformance.ResultFolder;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.enclosure.Enclosure;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Axes;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Pencil;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * One element of the suite for people: its value, what bounds it, and the pairs that it is made of.
 *
 * @param element the element
 * @param in class of precision
 * @param expected the golden tensor that it is of
 * @param bound the bounds of that tensor
 * @param print where to
 */
record ElementText(
    ElementName element, PrecisionClass in, Tensor expected, Tensor bound, PrintWriter print) {
  private static final double PERCENT = 100;

  static ElementText of(ElementName element, PrecisionClass in, PrintWriter print) {
    GoldenCase golden = element.golden();
    String name = element.tensor();
    Tensor expected = Objects.requireNonNull(golden.expect().get(name));
    Tensor bound =
        golden.exact().contains(name) ? null : Bounds.of(golden, in, Declared.NOTHING).get(name);
    return new ElementText(
        element, in, expected, bound == null ? Tensor.zeros(expected.shape()) : bound, print);
  }

  private double limit() {
    return bound.get(element.position());
  }

  /** Value, bound by its terms, and pairs. */
  void say() {
    String tensor = element.tensor();
    int position = element.position();
    print.printf(
        "%s %s at %s, %s%n",
        element.golden().name(),
        tensor,
        Axes.of(tensor, expected.shape()).describe(position),
        in.id());
    double value = element.expected();
    print.printf("  golden  %s  %s%n", value, Double.toHexString(value));
    print.printf("  bound   %s%s%n", figure(limit()), radius());
    terms();
    Comparison right = Comparison.of(tensor, in.resultType(tensor), expected, expected, bound);
    Pencil.lines(element.golden(), right, position).forEach(line -> print.println("  " + line));
  }

  /** The proven radius, where there is one. */
  private String radius() {
    Tensor radius =
        Enclosure.radii(element.golden())
            .map(classes -> classes.get(in))
            .map(radii -> radii.get(element.tensor()))
            .orElse(null);
    return radius == null
        ? "; no enclosure, for the case is more than one softmax"
        : "; every right kernel lies within " + figure(radius.get(element.position()));
  }

  private void terms() {
    if (limit() == 0) {
      print.println("  the value is exact: nothing may be off");
    } else if (Double.isInfinite(limit())) {
      print.println("  a score overflows the class: nothing is asked");
    } else {
      SequencedMap<String, Double> terms =
          BoundTerms.of(element.golden(), in, element.tensor(), element.position());
      terms.forEach(
          (what, term) -> {
            double share = PERCENT * term / limit();
            print.println(String.format(Locale.ROOT, "  %6.1f %%  %s", share, what));
          });
    }
  }

  /** Holds what was handed in against the bound, and says what verify says of the case. */
  void judge(Path folder, Suite suite) throws IOException {
    TensorFile file = Safetensors.read(folder.resolve(element.golden().name() + ".safetensors"));
    if (!file.has(element.tensor())) {
      print.printf("  result  none: the file has no %s%n", element.tensor());
      return;
    }
    Tensor given = file.tensor(element.tensor());
    if (given.shape().equals(expected.shape())) {
      result(given.get(element.position()));
    } else {
      print.printf("  result  of other extents: %s for %s%n", given.shape(), expected.shape());
    }
    verdict(folder, suite);
  }

  private void result(double value) {
    double right = element.expected();
    double error = Math.abs(value - right);
    // Infinities and NaN are equal to their like, and 0 to -0, whatever a difference would say.
    boolean equal = value == right || Double.compare(value, right) == 0;
    print.printf(
        "  result  %s  %s, %s%n",
        value,
        Double.toHexString(value),
        equal
            ? "equal"
            : "off by %s, %s of the bound".formatted(figure(error), figure(error / limit())));
  }

  private void verdict(Path folder, Suite suite) throws IOException {
    CaseVerdict verdict =
        new Verify(
                suite,
                List.of(element.golden()),
                ResultFolder.open(folder, suite),
                in.id(),
                Map.of(),
                false,
                Launch.replay("verify", folder.toString()))
            .run(_ -> {})
            .subjects()
            .getFirst()
            .cases()
            .getFirst();
    Attribution stage = verdict.stage();
    print.printf(
        "  verdict %s%s%n",
        verdict.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        stage == null ? "" : "; stage: " + stage.sentence());
  }

  private static String figure(double x) {
    return String.format(Locale.ROOT, "%.4g", x);
  }
}
