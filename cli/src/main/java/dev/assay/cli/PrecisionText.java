package dev.assay.cli;

import dev.assay.cli.docs.MachineNames;
import dev.assay.gradcheck.precision.Curve;
import dev.assay.gradcheck.precision.Errors;
import dev.assay.gradcheck.precision.Machine;
import dev.assay.gradcheck.precision.Setup;
import dev.assay.gradcheck.precision.Sweep;
import dev.assay.gradcheck.precision.Sweep.Axis;
import dev.assay.gradcheck.precision.Theory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A study of precision as a table, and as JSON.
 *
 * @param setup on what
 * @param sweep what changed
 * @param machines on which
 * @param curves what was found
 */
record PrecisionText(Setup setup, Sweep sweep, List<Machine> machines, List<Curve> curves) {
  /** Mechanism and sizes that stayed. */
  String subject() {
    List<String> parts = new ArrayList<>();
    parts.add(setup.mechanism().id());
    if (sweep.against() != Axis.N) {
      parts.add("n = " + setup.tokens());
    }
    if (sweep.against() != Axis.D) {
      parts.add("d = " + setup.depth());
    }
    if (sweep.against() != Axis.RANGE && setup.range() != 1) {
      parts.add("q times " + Sweep.label(setup.range()));
    }
    String common = MachineNames.common(machines);
    parts.add(common.isEmpty() ? "" : common);
    parts.removeIf(String::isEmpty);
    return String.join(", ", parts);
  }

  void print(PrintWriter print) {
    print.println(subject());
    print.println("relative error, root mean square, against binary64; in brackets: worst element");
    int width = curves.stream().mapToInt(curve -> name(curve).length()).max().orElse(0);
    StringBuilder head = new StringBuilder(padded(sweep.against().title(), width));
    for (double value : sweep.values()) {
      head.append("  %19s".formatted(Sweep.label(value)));
    }
    print.printf("%n%s   slope  likely  worst%n", head);
    for (Curve curve : curves) {
      StringBuilder line = new StringBuilder(padded(name(curve), width));
      curve.points().forEach(point -> line.append("  %19s".formatted(cell(point.errors()))));
      Optional<Theory> theory = Theory.of(curve);
      line.append("  %6s".formatted(curve.slope().isPresent() ? slope(curve) : "-"));
      line.append("  %6s".formatted(theory.map(t -> number(t.likely())).orElse("-")));
      line.append("  %5s".formatted(theory.map(t -> number(t.worst())).orElse("-")));
      print.println(line);
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private String name(Curve curve) {
    String machine = MachineNames.of(curve.machine(), machines);
    return machine.isEmpty() ? curve.tensor() : curve.tensor() + " " + machine;
  }

  private static String slope(Curve curve) {
    return String.format(Locale.ROOT, "%.2f", curve.slope().orElseThrow());
  }

  private static String number(double slope) {
    return String.format(Locale.ROOT, "%.2f", slope);
  }

  private static String cell(Errors errors) {
    return errors.broken() > 0
        ? errors.broken() + " not finite"
        : String.format(Locale.ROOT, "%.2e (%.1e)", errors.rms(), errors.worst());
  }

  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("mechanism", setup.mechanism().id());
    all.put("n", setup.tokens());
    all.put("d", setup.depth());
    all.put("heads", setup.heads());
    all.put("range", setup.range());
    all.put("seed", setup.seed());
    all.put("against", sweep.against().toString());
    all.put("curves", curves.stream().map(PrecisionText::json).toList());
    return all;
  }

  private static Map<String, Object> json(Curve curve) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("tensor", curve.tensor());
    one.put("storage", curve.machine().storage().toString());
    one.put("accumulate", curve.machine().accumulate().toString());
    one.put("rounding", curve.machine().rule().toString());
    one.put("order", curve.machine().summation().toString());
    one.put("block", curve.machine().block());
    curve.slope().ifPresent(slope -> one.put("slope", slope));
    Theory.of(curve)
        .ifPresent(
            theory -> {
              one.put("likely_slope", theory.likely());
              one.put("worst_slope", theory.worst());
            });
    List<Map<String, Object>> points = new ArrayList<>();
    for (Curve.Point point : curve.points()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("x", point.x());
      boolean whole = point.errors().broken() == 0;
      entry.put("rms", whole ? point.errors().rms() : null);
      entry.put("worst", whole ? point.errors().worst() : null);
      entry.put("lean", whole ? point.errors().lean() : null);
      entry.put("stored_once", point.errors().stored());
      entry.put("not_finite", point.errors().broken());
      points.add(entry);
    }
    one.put("points", points);
    return one;
  }
}
