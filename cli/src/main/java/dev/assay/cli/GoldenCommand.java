package dev.assay.cli;

import dev.assay.gradcheck.golden.GoldenProof;
import dev.assay.gradcheck.golden.GoldenWriter;
import dev.assay.gradcheck.golden.ProofCounts;
import dev.assay.gradcheck.suite.ProofDocument.Count;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay golden}: writes the golden suite, or proves that it is what would be written. */
@Command(
    name = "golden",
    header = "Writes the golden suite, or proves every value of it anew.",
    description =
        "The cases are tables in dev.assay.gradcheck.golden; their answers are what each mechanism's "
            + "definition means, evaluated in balls (numbers with a proven radius) and rounded once. "
            + "The same cases give the same bytes on every machine.",
    mixinStandardHelpOptions = true)
final class GoldenCommand implements Callable<Integer> {
  private static final int SHOWN = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--write", description = "Writes all files; the folder is replaced as a whole.")
  private boolean write;

  @Option(
      names = "--prove",
      description =
          "Proves all values anew, compares all files with them byte for byte, and counts what is proven.")
  private boolean prove;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "testdata/goldens/v1",
      description = "The folder of the suite (default: ${DEFAULT-VALUE}, from the project's root).")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (write == prove) {
      throw new ParameterException(spec.commandLine(), "Say one of --write and --prove.");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (ProgressLine progress = new ProgressLine("golden", GoldenWriter.cases())) {
      if (prove) {
        return report(GoldenWriter.prove(folder, progress::step), out);
      }
      count(GoldenWriter.write(folder, progress::step), out);
    }
    out.printf("%d cases written to %s%n", GoldenWriter.cases(), folder);
    out.flush();
    return ExitCode.PASS;
  }

  private static void count(ProofCounts counts, PrintWriter out) {
    out.printf("%d cases with answers%n", counts.cases());
    out.printf("%-14s%10s%10s%10s%10s%n", "", "values", "proven", "exact", "flagged");
    line("out and lse", counts.results(), out);
    line("gradients", counts.gradients(), out);
    counts
        .narrow()
        .forEach(
            (type, count) ->
                out.printf("%-14s%10d%10d%n", "all as " + type, count.values(), count.proven()));
  }

  private static void line(String what, Count count, PrintWriter out) {
    out.printf(
        "%-14s%10d%10d%10d%10d%n",
        what, count.values(), count.proven(), count.exact(), count.flagged());
  }

  private int report(GoldenProof proof, PrintWriter out) {
    List<String> differences = proof.differences();
    count(proof.counts(), out);
    if (differences.isEmpty()) {
      out.printf("%d cases in %s are what is proven%n", GoldenWriter.cases(), folder);
    } else {
      out.printf("%d files in %s are not what is proven:%n", differences.size(), folder);
      differences.stream().limit(SHOWN).forEach(line -> out.println("  " + line));
      if (differences.size() > SHOWN) {
        out.printf("  and %d more%n", differences.size() - SHOWN);
      }
      out.println(
          "repeat: " + Launch.replay("golden", "--prove", "--to", folder.toString()).line());
    }
    out.flush();
    return differences.isEmpty() ? ExitCode.PASS : ExitCode.MISMATCH;
  }
}
