package dev.assay.cli;

import dev.assay.cli.docs.AccuracyPage;
import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.certified.ReferenceErrors;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay accuracy}: by how much the reference itself errs. */
@Command(
    name = "accuracy",
    header = "Measures by how much the reference itself errs, against proven values.",
    description =
        "Replays the graphs of the golden suite, forward and gradient, in balls, and says for every "
            + "mechanism and stage by how many units of the last place binary64 was off. Without "
            + "--write it says whether the page is up to date.",
    mixinStandardHelpOptions = true)
final class AccuracyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--write", description = "Writes the page.")
  private boolean write;

  @Option(
      names = "--page",
      defaultValue = "docs/accuracy.md",
      paramLabel = "FILE",
      description = "The page (default: ${DEFAULT-VALUE}, from the project's root).")
  private Path page = Path.of("");

  @Override
  public Integer call() throws IOException {
    Suite suite = Suite.load();
    if (write) {
      OutputFile.check(page, "--page");
    }
    String text;
    try (ProgressLine progress = new ProgressLine("accuracy", suite.cases().size())) {
      text = AccuracyPage.of(ReferenceErrors.of(suite.cases(), progress::step));
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean current = Files.exists(page) && Files.readString(page).equals(text);
    out.print(text);
    if (write && !current) {
      AtomicFile.write(page, text);
    }
    out.printf("%n%s %s%n", verdict(current), page);
    out.flush();
    return current || write ? ExitCode.PASS : ExitCode.MISMATCH;
  }

  private String verdict(boolean current) {
    return current ? "up to date:" : write ? "written:" : "not up to date:";
  }
}
