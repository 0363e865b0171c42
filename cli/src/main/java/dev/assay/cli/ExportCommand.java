package dev.assay.cli;

import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.export.Export;
import dev.assay.gradcheck.export.Order;
import dev.assay.gradcheck.export.RecipeExport;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay export}: the golden suite for a program that is not on the JVM. */
@Command(
    name = "export",
    header = "Writes the golden cases as inputs for your own kernel, in any language.",
    description = {
      "For each case FAMILY/CASE.json, the operation in plain terms, and FAMILY/CASE.safetensors, its inputs.",
      "Run them, write FAMILY/CASE.safetensors with your results, then: ./assay verify DIR.",
      "The folder examples has programs that do it."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--to", required = true, paramLabel = "DIR", description = "Where to.")
  private Path folder = Path.of("");

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "Only cases of such names, for instance 'grid/*'.")
  private String only = "*";

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "bhsd",
      description = "Order of the axes: bhsd or bshd (default: ${DEFAULT-VALUE}).")
  private Order order = Order.BHSD;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Type of all numbers instead of each case's own: f64, f32, f16 or bf16.")
  private @Nullable DType dtype;

  @Option(
      names = "--bounds",
      paramLabel = "CLASS",
      description = "Also FAMILY/CASE.bounds.safetensors: how far each result may be off.")
  private @Nullable String bounds;

  @Option(
      names = "--with-answers",
      description = "Also FAMILY/CASE.answers.safetensors: the right results.")
  private boolean answers;

  @Option(
      names = "--recipe",
      paramLabel = "CASE",
      description =
          "Writes all inputs of one case of the family regen instead, such as regen/int32-pool: gigabytes, "
              + "drawn while they are written.")
  private @Nullable String recipe;

  @Override
  public Integer call() throws IOException {
    if (dtype != null && !dtype.floating()) {
      throw usage("--dtype is " + dtype + ": choose f64, f32, f16 or bf16.");
    }
    Suite suite = Suite.load();
    if (recipe != null) {
      return large(suite, recipe);
    }
    List<GoldenCase> cases = cases(suite);
    try (ProgressLine progress = new ProgressLine("export", cases.size())) {
      Export export = new Export(order, dtype, precision(), answers);
      return report(export.write(folder, suite, cases, progress));
    }
  }

  private List<GoldenCase> cases(Suite suite) {
    try {
      List<GoldenCase> chosen = new CaseFilter(only).of(suite);
      List<GoldenCase> stored = chosen.stream().filter(one -> one.samples() == null).toList();
      if (stored.isEmpty()) {
        throw usage(
            "--only chose cases that are too large to store: --recipe %s writes the inputs of the first"
                .formatted(chosen.getFirst().name()));
      }
      return stored;
    } catch (IllegalArgumentException none) {
      throw usage(String.valueOf(none.getMessage()));
    }
  }

  /** Writes a case that is too large to store. */
  private int large(Suite suite, String name) throws IOException {
    Usage.require(
        order == Order.BHSD && dtype == null && only.equals("*"),
        "--recipe %s was given with --only, --layout or --dtype: leave them out",
        name);
    RecipeCase found =
        suite
            .recipe(name)
            .orElseThrow(
                () ->
                    usage(
                        "--recipe is %s: choose one of %s"
                            .formatted(
                                name,
                                suite.recipes().stream().map(it -> it.golden().name()).toList())));
    PrecisionClass asked = precision();
    Usage.require(
        asked == null || found.golden().classes().contains(asked.id()),
        "--bounds is not for %s: it has the classes %s",
        name,
        found.golden().classes());
    RecipeExport export = new RecipeExport(found, precision(), answers);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%s: %.2f GB of inputs to %s%n", name, export.bytes() / 1e9, folder);
    out.flush();
    try (ProgressLine progress = new ProgressLine("export", export.elements())) {
      export.write(folder, progress::steps);
    }
    out.printf(
        "next: run it, hand in the rows that 'samples' names, then %s verify RESULTS --case %s%n",
        Launch.command(), name);
    out.flush();
    return ExitCode.PASS;
  }

  private @Nullable PrecisionClass precision() {
    try {
      return bounds == null ? null : PrecisionClass.find(bounds);
    } catch (IllegalArgumentException unknown) {
      throw usage(String.valueOf(unknown.getMessage()));
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private int report(Export.Written written) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d cases written to %s%n", written.cases().size(), folder);
    if (!written.leftOut().isEmpty()) {
      out.printf(
          "%d left out, the first is %s: their numbers are not numbers of %s%n",
          written.leftOut().size(), written.leftOut().getFirst().name(), dtype);
    }
    if (!written.unbounded().isEmpty()) {
      out.printf(
          "%d without bounds, the first is %s%n",
          written.unbounded().size(), written.unbounded().getFirst().name());
    }
    if (!written.gone().isEmpty()) {
      out.printf(
          "%d cases of the export that was there before are gone, the first is %s%n",
          written.gone().size(), written.gone().getFirst());
    }
    if (only.equals("*")) {
      out.println(
          "cases of the family regen are not among them: --recipe CASE writes the inputs of one");
    }
    out.println("next: run them, then " + Launch.command() + " verify RESULTS");
    out.flush();
    return written.cases().isEmpty() ? ExitCode.NOTHING_RUN : ExitCode.PASS;
  }
}
