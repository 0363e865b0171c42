package dev.assay.cli;

import dev.assay.cli.docs.BoundsDocument;
import dev.assay.cli.docs.BoundsPage;
import dev.assay.cli.docs.BoundsStudy;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay bounds}: what the error bounds of the suite are worth. */
@Command(
    name = "bounds",
    header = "Holds the error bounds of the suite against proofs, right kernels and wrong ones.",
    description =
        "Counts the bounds that cover, by proof, every right kernel of their class; says how much"
            + " room they leave to right kernels, and how small a fault of each stage is still"
            + " found. Takes minutes. Without --write it says whether the page is up to date.",
    mixinStandardHelpOptions = true)
final class BoundsCommand implements Callable<Integer> {
  /** Those that every build has; others would make the page depend on who writes it. */
  private static final List<String> ENGINES = List.of("scalar", "simd");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--write", description = "Writes docs/bounds.md and docs/bounds.json.")
  private boolean write;

  @Option(
      names = "--root",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "The project's folder, in which docs lies (default: here).")
  private Path root = Path.of("");

  @Override
  public Integer call() throws IOException {
    Path page = root.resolve("docs/bounds.md");
    Path figures = root.resolve("docs/bounds.json");
    if (write) {
      OutputFile.check(page, "--root");
      OutputFile.check(figures, "--root");
    }
    Suite suite = Suite.load();
    List<Engine> engines = ENGINES.stream().map(Engines::find).toList();
    BoundsStudy study;
    try (ProgressLine progress = new ProgressLine("bounds", BoundsStudy.steps(suite))) {
      study = BoundsStudy.of(suite, engines, progress);
    }
    String text = BoundsPage.of(study);
    PrintWriter out = spec.commandLine().getOut();
    String numbers = BoundsDocument.of(study);
    boolean current = holds(page, text) && holds(figures, numbers);
    out.print(text);
    if (write) {
      AtomicFile.write(page, text);
      AtomicFile.write(figures, numbers);
    }
    out.printf("%n%s %s and %s%n", verdict(current), page, figures);
    out.flush();
    return current || write ? ExitCode.PASS : ExitCode.MISMATCH;
  }

  private static boolean holds(Path file, String text) throws IOException {
    return Files.exists(file) && Files.readString(file).equals(text);
  }

  private String verdict(boolean current) {
    return current ? "up to date:" : write ? "written:" : "not up to date:";
  }
}
