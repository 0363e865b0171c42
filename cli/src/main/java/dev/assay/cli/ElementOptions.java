package dev.assay.cli;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.bound.BoundTerms;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.conformance.ResultFolder;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.enclosure.Enclosure;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Axes;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Pencil;
import dev.assay.gradcheck.suite.Expectation;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code assay explain CASE[tensor,index]}: one element of the suite, and what bounds it. */
final class ElementOptions {
  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "Of an element: the class of precision (default: the widest of the case).")
  private @Nullable String precision;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Of an element: a folder of results, as verify reads it.")
  private @Nullable Path results;

  /** Prints what there is to say. */
  void explain(String word, PrintWriter print) throws IOException {
    Suite suite = Suite.load();
    ElementName element = ElementName.of(word, suite);
    GoldenCase golden = element.golden();
    Usage.require(
        golden.result() != Expectation.REFUSE, "%s is to be refused: it has no values", word);
    PrecisionClass in = precisionClass(golden);
    Tensor expected = Objects.requireNonNull(golden.expect().get(element.tensor()));
    Tensor bound = bound(golden, in, element.tensor());
    print.printf(
        "%s %s at %s, %s%n",
        golden.name(),
        element.tensor(),
        Axes.of(element.tensor(), expected.shape()).describe(element.position()),
        in.id());
    double value = element.expected();
    print.printf("  golden  %s  %s%n", value, Double.toHexString(value));
    double limit = bound.get(element.position());
    print.printf("  bound   %s%s%n", figure(limit), radius(element, in));
    terms(element, in, limit, print);
    Comparison right =
        Comparison.of(element.tensor(), in.resultType(element.tensor()), expected, expected, bound);
    Pencil.lines(golden, right, element.position()).forEach(line -> print.println("  " + line));
    Path folder = results;
    if (folder != null) {
      judge(element, suite, folder, in, limit, print);
    }
  }

  private PrecisionClass precisionClass(GoldenCase golden) {
    String id = precision;
    if (id == null) {
      return PrecisionClass.find(golden.classes().getFirst());
    }
    Usage.require(
        golden.classes().contains(id), "--class is %s: the case has %s", id, golden.classes());
    return PrecisionClass.find(id);
  }

  private static Tensor bound(GoldenCase golden, PrecisionClass in, String tensor) {
    Tensor bound = Bounds.of(golden, in, false).get(tensor);
    return bound == null || golden.exact().contains(tensor)
        ? Tensor.zeros(Objects.requireNonNull(golden.expect().get(tensor)).shape())
        : bound;
  }

  /** The proven radius, where there is one. */
  private static String radius(ElementName element, PrecisionClass in) {
    Tensor radius =
        Enclosure.radii(element.golden())
            .map(classes -> classes.get(in))
            .map(radii -> radii.get(element.tensor()))
            .orElse(null);
    return radius == null
        ? "; no enclosure, for the case is more than one softmax"
        : "; every right kernel lies within " + figure(radius.get(element.position()));
  }

  private static void terms(
      ElementName element, PrecisionClass in, double limit, PrintWriter print) {
    if (limit == 0 || Double.isInfinite(limit)) {
      print.println(
          limit == 0
              ? "  the value is exact: nothing may be off"
              : "  a score overflows the class: nothing is asked");
      return;
    }
    SequencedMap<String, Double> terms =
        BoundTerms.of(element.golden(), in, element.tensor(), element.position());
    terms.forEach(
        (what, term) ->
            print.println(String.format(Locale.ROOT, "  %6.1f %%  %s", 100 * term / limit, what)));
  }

  private static void judge(
      ElementName element,
      Suite suite,
      Path folder,
      PrecisionClass in,
      double limit,
      PrintWriter print)
      throws IOException {
    String name = element.golden().name();
    TensorFile file = Safetensors.read(folder.resolve(name + ".safetensors"));
    Tensor given = file.has(element.tensor()) ? file.tensor(element.tensor()) : null;
    if (given == null || given.size() <= element.position()) {
      print.printf("  result  none: the file has no such element of %s%n", element.tensor());
      return;
    }
    double value = given.get(element.position());
    double error = Math.abs(value - element.expected());
    print.printf(
        "  result  %s  %s, off by %s, %s of the bound%n",
        value, Double.toHexString(value), figure(error), figure(error / limit));
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
