package dev.assay.cli;

import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.conformance.SelfTest;
import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What the verbs have in common that judge by the golden suite. */
final class JudgeOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "Judge in this class of precision: f64, f32-flash, bf16-flash or fp16-flash.")
  private @Nullable String precision;

  @Option(
      names = "--case",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "Only cases of such names, for instance 'heads/*'.")
  private String cases = "*";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--suite",
      paramLabel = "DIR",
      description = "Another golden suite than the one that comes with Assay.")
  private @Nullable Path folder;

  /** A suite that is not fit to judge by. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String sentence) {
      super(sentence);
    }
  }

  /**
   * The suite, after the self-test.
   *
   * @throws Unfit if it is not as it was made, or the judge does not work
   * @throws IOException if a folder was named and holds no good suite
   */
  Suite suite() throws IOException, Unfit {
    if (folder != null) {
      return tested(Suite.load(folder));
    }
    Suite own;
    try {
      own = Suite.load();
    } catch (IOException changed) {
      throw new Unfit(String.valueOf(changed.getMessage()));
    }
    return tested(own);
  }

  private static Suite tested(Suite suite) throws Unfit {
    Optional<String> wrong = SelfTest.of(suite);
    if (wrong.isPresent()) {
      throw new Unfit(wrong.get());
    }
    return suite;
  }

  /**
   * The chosen cases that are stored.
   *
   * @param why what somebody should know who chose recipes alone, behind a colon
   */
  List<GoldenCase> storedCases(Suite suite, String why) {
    List<GoldenCase> stored = cases(suite).stream().filter(one -> one.samples() == null).toList();
    if (stored.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--case chose only cases that are too large to store: " + why);
    }
    return stored;
  }

  /** The chosen cases. */
  List<GoldenCase> cases(Suite suite) {
    try {
      return new CaseFilter(cases).of(suite);
    } catch (IllegalArgumentException none) {
      throw new ParameterException(spec.commandLine(), none.getMessage(), none);
    }
  }

  /** The class to judge in, or null. */
  @Nullable PrecisionClass precision() {
    try {
      return precision == null ? null : PrecisionClass.find(precision);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
  }

  /** For a verb that cannot use --class. */
  void withoutClass(String reason) {
    if (precision != null) {
      throw new ParameterException(
          spec.commandLine(), "--class is " + precision + ": leave it out, " + reason);
    }
  }

  /** What the verdict is written as. */
  Format format() {
    return format;
  }

  /** The class and the suite as they were given, for a line that repeats the verdict. */
  Replay repeating(Replay replay) {
    Replay all = precision == null ? replay : replay.with("--class", precision);
    return folder == null ? all : all.with("--suite", folder.toString());
  }

  /** Prints the verdict and turns it into an exit code. */
  int finish(RunVerdict verdict) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.write(verdict));
    out.flush();
    return ExitCode.of(
        verdict.malformed() ? ExitCode.MALFORMED : ExitCode.PASS,
        verdict.failed() ? ExitCode.MISMATCH : ExitCode.PASS,
        verdict.nothingRun() ? ExitCode.NOTHING_RUN : ExitCode.PASS);
  }

  /** Says why nothing can be judged. */
  int unfit(Unfit failure) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("assay: self-test failed: " + failure.getMessage() + ".");
    err.flush();
    return ExitCode.SELF_TEST_FAILED;
  }
}
