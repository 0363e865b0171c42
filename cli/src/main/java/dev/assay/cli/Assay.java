package dev.assay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code assay}. It does nothing itself: each verb is a class of this package, listed
 * in {@link Verbs}, and what a verb answers or throws becomes one of the {@linkplain ExitCode exit
 * codes}.
 */
@Command(
    name = "assay",
    header =
        "The touchstone for sparse attention: says what the right answer is, and where another one is wrong.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "VERB",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:pass",
      "1:mismatch",
      "2:the command line was not understood",
      "3:an input is malformed or missing",
      "4:a self-test failed",
      "5:nothing was run, or a required thing is absent",
      "70:a fault of Assay itself",
      "130:interrupted",
    },
    footerHeading = "%nBefore the verb, the launcher also takes:%n",
    footer = "  --with peers   builds and loads the third-party engines")
public final class Assay implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--stack-trace",
      scope = ScopeType.INHERIT,
      description = "On an error, also print where in the code it arose.")
  private boolean stackTrace;

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] args) {
    CommandLine line = commandLine();
    int code;
    try {
      code = line.execute(args);
    } catch (Error failure) {
      // picocli hands on exceptions only; an Error must not end in Java's own code 1, which means a
      // mismatch here
      code = Failures.error(failure, line);
    }
    System.exit(code);
  }

  /**
   * The command with every verb, the way {@link #main} runs it; tests give it their own writers.
   */
  static CommandLine commandLine() {
    Assay assay = new Assay();
    CommandLine line = new CommandLine(assay);
    Verbs.ALL.forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures(() -> assay.stackTrace))
        .setParameterExceptionHandler(Failures::usage);
  }

  /**
   * Without a verb there is nothing to do: that is a usage error, and the help says what there is.
   */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "No verb was given: say what to do, for example 'assay check'.");
  }
}
