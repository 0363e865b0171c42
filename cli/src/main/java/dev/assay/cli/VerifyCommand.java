package dev.assay.cli;

import dev.assay.gradcheck.conformance.Conventions;
import dev.assay.gradcheck.conformance.KnownBounds;
import dev.assay.gradcheck.conformance.KnownFailures;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.conformance.ResultFolder;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.report.History;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay verify}: somebody's results against the golden suite. */
@Command(
    name = "verify",
    header = "Judges results that another implementation wrote, by the golden suite.",
    description =
        "DIR holds FAMILY/CASE.safetensors for each case that was run, with tensors named as in the "
            + "case and, in its metadata, the class of precision. The suite's SPEC.md, section 9, "
            + "says all of it.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final long LOOK_AGAIN_MILLIS = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JudgeOptions options = new JudgeOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "The folder of results; of several, each is judged for itself.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--known",
      paramLabel = "FILE",
      description =
          "A list of failures that are known and do not fail the run until they expire, as JSON.")
  private @Nullable Path known;

  @Option(
      names = "--complete",
      description =
          "A case without a result is a failure, and so is a result that lacks the LSE or gradients.")
  private boolean complete;

  @Mixin private HistoryOption history = new HistoryOption();

  @Option(
      names = "--watch",
      description = "Judge again whenever a file changes, until interrupted.")
  private boolean watch;

  @Option(
      names = "--lse-base",
      paramLabel = "e|2",
      description = "Declares that the LSE is a logarithm of this base.")
  private @Nullable String lseBase;

  @Option(
      names = "--lse-empty",
      paramLabel = "X",
      description = "Declares the LSE of a row without keys: -inf, +inf, nan or a number.")
  private @Nullable String lseEmpty;

  @Option(
      names = "--scale-in-q",
      description = "Declares that queries are scaled and stored before they meet the keys.")
  private boolean scaleInQuery;

  @Option(
      names = "--window",
      paramLabel = "own|others",
      description = "Declares whether a window counts the query's own key.")
  private @Nullable String window;

  @Option(
      names = "--join",
      paramLabel = "sums|lse",
      description =
          "Declares how the parts of a row are joined: by maxima and sums, or normalised and all at once by their LSEs.")
  private @Nullable String join;

  @Option(
      names = "--nondeterministic",
      paramLabel = "TENSOR,...",
      description = "Declares results whose last bits may differ from run to run, as dq,dk.")
  private @Nullable String nondeterministic;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      Suite suite = options.suite();
      int code = judge(suite);
      while (watch) {
        long seen = newest();
        do {
          Thread.sleep(LOOK_AGAIN_MILLIS);
        } while (newest() == seen);
        code = judge(suite);
      }
      return code;
    } catch (JudgeOptions.Unfit failure) {
      return options.unfit(failure);
    }
  }

  private int judge(Suite suite) throws IOException {
    List<GoldenCase> cases = options.cases(suite);
    PrecisionClass precision = options.precision();
    String id = precision == null ? null : precision.id();
    Map<String, String> declared = conventions();
    List<SubjectVerdict> subjects = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    KnownFailures list = known == null ? null : KnownFailures.of(known, suite);
    History runs = history.open(suite);
    KnownBounds bounds = new KnownBounds();
    RunVerdict all = new RunVerdict("", subjects, List.of(), notes);
    try (ProgressLine progress = new ProgressLine("verify", (long) cases.size() * folders.size())) {
      for (Path folder : folders) {
        RunVerdict one =
            new Verify(
                    suite,
                    cases,
                    ResultFolder.open(folder, suite),
                    id,
                    declared,
                    complete,
                    replay(folder, declared))
                .run(progress, bounds);
        subjects.addAll(one.subjects());
        notes.addAll(one.notes());
        all = new RunVerdict(one.suite(), subjects, List.of(), notes);
      }
    }
    RunVerdict verdict =
        list == null ? all : list.apart(all, LocalDate.now(ZoneId.systemDefault()));
    HistoryOption.Kept kept = history.keep(runs, verdict);
    int code = options.finish(kept.verdict());
    kept.print(spec.commandLine().getOut(), options.format());
    return code;
  }

  private Replay replay(Path folder, Map<String, String> declared) {
    Replay replay = options.repeating(Launch.replay("verify", folder.toString()));
    for (Map.Entry<String, String> one : declared.entrySet()) {
      String option = "--" + one.getKey().replace('_', '-');
      boolean flag = one.getValue().equals("true");
      replay = flag ? replay.with(option) : replay.with(option, one.getValue());
    }
    return complete ? replay.with("--complete") : replay;
  }

  private Map<String, String> conventions() {
    Map<String, String> declared = new LinkedHashMap<>();
    put(declared, "lse_base", lseBase);
    put(declared, "lse_empty", lseEmpty);
    put(declared, "scale_in_q", scaleInQuery ? "true" : null);
    put(declared, "window", window);
    put(declared, "join", join);
    put(declared, "nondeterministic", nondeterministic);
    try {
      Conventions.of(Map.of(), declared);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
    return declared;
  }

  private static void put(Map<String, String> declared, String key, @Nullable String value) {
    if (value != null) {
      declared.put(key, value);
    }
  }

  /** When the last change below the folders was, in milliseconds. */
  private long newest() throws IOException {
    long newest = 0;
    for (Path folder : folders) {
      try (Stream<Path> all = Files.walk(folder)) {
        newest = Math.max(newest, all.mapToLong(VerifyCommand::changed).max().orElse(0));
      }
    }
    return newest;
  }

  private static long changed(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException vanished) {
      // It was deleted after it was listed: its folder has a new time then.
      return 0;
    }
  }
}
