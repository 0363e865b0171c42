package dev.assay.cli;

import dev.assay.cli.docs.PrecisionPage;
import dev.assay.cli.docs.PrecisionPlots;
import dev.assay.file.AtomicFile;
import dev.assay.file.Json;
import dev.assay.gradcheck.precision.Curve;
import dev.assay.gradcheck.precision.Machine;
import dev.assay.gradcheck.precision.Setup;
import dev.assay.gradcheck.precision.Sweep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay precision}: what narrow numbers do to a mechanism. */
@Command(
    name = "precision",
    header = "Measures what narrow numbers and orders of summation do to a mechanism.",
    description = {
      "Replays the recorded definition, forward and gradient, with every operation rounded, and",
      "prints the error against binary64 as sizes grow, with the slope of log error over log size",
      "and the slopes that theory gives. Queries are drawn apart from the keys; discrete choices",
      "are those of binary64. Without MECHANISM it says whether docs/precision.md and its figures",
      "are up to date, or writes them."
    },
    mixinStandardHelpOptions = true)
final class PrecisionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PrecisionOptions options = new PrecisionOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "MECHANISM",
      description = "Its id; 'assay list mechanisms' has them.")
  private @Nullable String id;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the mechanism; may be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Writes precision.svg and precision.json into a folder.")
  private @Nullable Path out;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Option(names = "--write", description = "Without MECHANISM: writes the page and its figures.")
  private boolean write;

  @Option(
      names = "--root",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "Without MECHANISM: the project's folder (default: here).")
  private Path root = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintWriter print = spec.commandLine().getOut();
    String chosen = id;
    int code = chosen == null ? page(print) : study(print, chosen);
    print.flush();
    return code;
  }

  private int study(PrintWriter print, String chosen) throws IOException {
    Usage.require(!write, "--write is given: it writes the page, so leave MECHANISM out");
    Setup setup = options.setup(MechanismOption.mechanism(spec, chosen, settings));
    Sweep sweep = options.sweep();
    List<Machine> machines = options.machines();
    Path folder = out;
    if (folder != null) {
      OutputFile.check(folder.resolve("precision.svg"), "--out");
      OutputFile.check(folder.resolve("precision.json"), "--out");
    }
    List<Curve> curves;
    long steps = (long) machines.size() * sweep.values().size();
    try (ProgressLine progress = new ProgressLine("precision", steps)) {
      curves = sweep.run(setup, machines, progress::step);
    }
    PrecisionText text = new PrecisionText(setup, sweep, machines, curves);
    String json = Json.mapper().writeValueAsString(text.json()) + "\n";
    if (format == Format.JSON) {
      print.print(json);
    } else {
      text.print(print);
    }
    if (folder != null) {
      String title = setup.mechanism().card().title() + " in narrow numbers";
      String svg = PrecisionPlots.of(title, text.subject(), machines, curves);
      AtomicFile.write(folder.resolve("precision.svg"), svg);
      AtomicFile.write(folder.resolve("precision.json"), json);
    }
    return ExitCode.PASS;
  }

  private int page(PrintWriter print) throws IOException {
    Usage.require(
        out == null && settings.isEmpty(), "MECHANISM is missing: --out and --set are about one");
    if (write) {
      OutputFile.check(root.resolve("README.md"), "--root");
    }
    boolean stale = false;
    for (Map.Entry<String, String> made : PrecisionPage.files().entrySet()) {
      Path file = root.resolve(made.getKey());
      boolean current = Files.exists(file) && Files.readString(file).equals(made.getValue());
      if (!current && write) {
        Files.createDirectories(file.resolveSibling(""));
        AtomicFile.write(file, made.getValue());
      }
      stale |= !current;
      String verdict = current ? "up to date:" : write ? "written:" : "not up to date:";
      print.printf("%s %s%n", verdict, file);
    }
    return stale && !write ? ExitCode.MISMATCH : ExitCode.PASS;
  }
}
