package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.precision.Curve;
import dev.assay.gradcheck.precision.Machine;
import dev.assay.gradcheck.precision.NumberFormat;
import dev.assay.gradcheck.precision.RoundingRule;
import dev.assay.gradcheck.precision.Setup;
import dev.assay.gradcheck.precision.Summation;
import dev.assay.gradcheck.precision.Sweep;
import dev.assay.gradcheck.precision.Sweep.Axis;
import dev.assay.gradcheck.precision.Theory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One figure of the page on precision, with its table of slopes; all are of dense attention.
 *
 * @param name of its file
 * @param title above it
 * @param subject what stayed the same
 * @param machines in the order of their colours
 * @param curves what was measured
 */
record PrecisionFigure(
    String name, String title, String subject, List<Machine> machines, List<Curve> curves) {
  private static final int BLOCK = 64;

  /** Orders of summation, everything in binary32. */
  static PrecisionFigure orders() {
    List<Machine> machines =
        Stream.of(Summation.values())
            .map(order -> machine(NumberFormat.F32, NumberFormat.F32, RoundingRule.NEAREST, order))
            .toList();
    return of("order", "Orders of summation", Sweep.usual(Axis.N), setup(0, 8), machines);
  }

  /** Rules of rounding where sums are as narrow as what is stored. */
  static PrecisionFigure rules() {
    List<Machine> machines =
        Stream.of(RoundingRule.values())
            .map(rule -> machine(NumberFormat.BF16, NumberFormat.BF16, rule, Summation.NAIVE))
            .toList();
    return of("rounding", "Rules of rounding", Sweep.usual(Axis.N), setup(0, 8), machines);
  }

  /** Formats of storage as logits grow. */
  static PrecisionFigure formats() {
    List<Machine> machines =
        Stream.of(NumberFormat.values())
            .map(stored -> machine(stored, NumberFormat.F32, RoundingRule.NEAREST, Summation.NAIVE))
            .toList();
    return of("range", "Formats of storage", Sweep.usual(Axis.RANGE), setup(256, 32), machines);
  }

  /** Weights of eight bits, divided by their sum before or after they are stored. */
  static PrecisionFigure eights() {
    List<Machine> machines =
        Stream.of(Summation.NAIVE, Summation.BLOCKED)
            .flatMap(
                order ->
                    Stream.of(NumberFormat.E4M3, NumberFormat.E5M2)
                        .map(
                            stored ->
                                machine(stored, NumberFormat.F32, RoundingRule.NEAREST, order)))
            .toList();
    return of("eight-bits", "Weights of eight bits", Sweep.usual(Axis.N), setup(0, 8), machines);
  }

  /** Sizes of blocks in a long row. */
  static PrecisionFigure blocks() {
    List<Machine> machines =
        Stream.of(Summation.BLOCKED, Summation.TREE)
            .map(order -> machine(NumberFormat.F32, NumberFormat.F32, RoundingRule.ZERO, order))
            .toList();
    return of("block", "Sizes of blocks", Sweep.usual(Axis.BLOCK), setup(1024, 8), machines);
  }

  private static Machine machine(
      NumberFormat stored, NumberFormat sums, RoundingRule rule, Summation order) {
    return new Machine(stored, sums, rule, order, BLOCK);
  }

  private static Setup setup(int tokens, int depth) {
    return new Setup(MechanismCatalog.find("dense"), tokens, depth, 1, 1, 1, false);
  }

  private static PrecisionFigure of(
      String name, String title, Sweep sweep, Setup setup, List<Machine> machines) {
    List<String> parts =
        Stream.of(
                setup.tokens() == 0 ? "" : "n = " + setup.tokens(),
                "d = " + setup.depth(),
                MachineNames.common(machines))
            .filter(part -> !part.isEmpty())
            .toList();
    List<Curve> curves = sweep.run(setup, machines, _ -> {});
    return new PrecisionFigure(name, title, String.join(", ", parts), machines, curves);
  }

  /** The path of the picture below the project's root. */
  String file() {
    return "docs/precision/" + name + ".svg";
  }

  String svg() throws IOException {
    return PrecisionPlots.of(title, "dense attention, " + subject, machines, curves);
  }

  /** Picture and table as Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("![%s](precision/%s.svg)\n\n".formatted(title, name));
    boolean law = Theory.of(curves.getFirst()).isPresent();
    text.append("| result | ").append(law ? "slope | likely | worst | " : "");
    text.append("first | last | lean of the last |\n|---|");
    text.append("---:|".repeat(law ? 6 : 3)).append('\n');
    for (Curve curve : curves) {
      text.append(row(curve, law));
    }
    return text.toString();
  }

  private String row(Curve curve, boolean law) {
    StringBuilder row = new StringBuilder("| `" + curve.tensor() + "`");
    String machine = MachineNames.of(curve.machine(), machines);
    row.append(machine.isEmpty() ? " |" : " " + machine + " |");
    if (law) {
      Theory theory = Theory.of(curve).orElseThrow();
      row.append(" %s |".formatted(slope(curve)));
      row.append(String.format(Locale.ROOT, " %.2f | %.2f |", theory.likely(), theory.worst()));
    }
    row.append(" %s |".formatted(number(curve.points().getFirst().errors().rms())));
    row.append(" %s |".formatted(number(curve.points().getLast().errors().rms())));
    row.append(" %s |\n".formatted(number(curve.points().getLast().errors().lean())));
    return row.toString();
  }

  private static String slope(Curve curve) {
    return curve.slope().isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.2f", curve.slope().getAsDouble());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1e", value) : "not finite";
  }
}
