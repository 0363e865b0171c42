package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.conformance.ResultFolder;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.mutant.MutantTrials;
import dev.assay.gradcheck.shrink.CasePair;
import dev.assay.gradcheck.shrink.Shrinker;
import dev.assay.gradcheck.shrink.Shrinker.Shrunk;
import dev.assay.gradcheck.shrink.Trial;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Pencil;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.mechanism.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay shrink}: a failing case in numbers that a person can check. */
@Command(
    name = "shrink",
    header = "Makes a failing case so small that its arithmetic can be checked with a pencil.",
    description = {
      "An engine or a wrong kernel is run again on ever smaller relatives of the case, as long as the",
      "same stage is wrong. Results in a folder cannot be run again: there the arithmetic of the worst",
      "element is printed as it is. Exit code 1 if the case fails, 0 if there is nothing to shrink,",
      "5 if nothing could be run or judged."
    },
    mixinStandardHelpOptions = true)
final class ShrinkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "A folder of results, as for 'assay verify'.")
  private @Nullable Path folder;

  @Option(names = "--engine", paramLabel = "ID", description = "The engine that is run again.")
  private @Nullable String engine;

  @Option(
      names = "--mutant",
      paramLabel = "ID",
      description = "A wrong kernel of the catalogue, for instance M77: what a report looks like.")
  private @Nullable String mutant;

  @Option(
      names = "--case",
      required = true,
      paramLabel = "GLOB",
      description = "The case; of several the first that fails.")
  private String glob = "";

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      description =
          "With --engine: also writes case.safetensors, right.safetensors and replay.txt into this "
              + "folder, which must exist.")
  private @Nullable Path to;

  @Override
  public Integer call() throws IOException {
    long named =
        List.of(folder != null, engine != null, mutant != null).stream().filter(x -> x).count();
    Usage.require(
        named == 1, "%d of DIR, --engine and --mutant are given: give exactly one", named);
    if (to != null && folder != null) {
      throw new Usage.BadValue(
          "--to is %s: results in a folder cannot be run again, so there is no smaller case to write"
              .formatted(to));
    }
    if (to != null && mutant != null) {
      throw new Usage.BadValue(
          "--to is %s: replay.txt would run a right engine, not %s: give --engine, or no --to"
              .formatted(to, mutant));
    }
    if (to != null) {
      Usage.require(Files.isDirectory(to), "--to is %s: name a folder that exists", to);
    }
    Suite suite = Suite.load();
    List<GoldenCase> cases = cases(suite);
    return folder != null ? pencil(suite, cases, folder) : shrink(cases);
  }

  private List<GoldenCase> cases(Suite suite) {
    try {
      List<GoldenCase> stored =
          new CaseFilter(glob).of(suite).stream().filter(one -> one.samples() == null).toList();
      Require.argument(
          !stored.isEmpty(), "--case %s chose only cases that are too large to shrink", glob);
      return stored;
    } catch (IllegalArgumentException none) {
      throw new Usage.BadValue(String.valueOf(none.getMessage()));
    }
  }

  private Trial trial() {
    try {
      return mutant != null
          ? MutantTrials.find(mutant)
          : Trial.of(EngineChoice.find(Objects.requireNonNull(engine)));
    } catch (IllegalArgumentException unknown) {
      throw new Usage.BadValue(String.valueOf(unknown.getMessage()));
    }
  }

  private int shrink(List<GoldenCase> cases) throws IOException {
    Trial trial = trial();
    PrintWriter out = spec.commandLine().getOut();
    int judged = 0;
    for (GoldenCase golden : cases) {
      judged += trial.compared(golden).isEmpty() ? 0 : 1;
      Optional<Shrunk> found = Shrinker.of(golden, trial);
      if (found.isPresent()) {
        Shrunk shrunk = found.get();
        out.printf("%s, after %d trials:%n", golden.name(), shrunk.trials());
        Pencil.lines(shrunk.golden(), shrunk.compared(), shrunk.stage()).forEach(out::println);
        if (to != null) {
          write(shrunk.golden(), to);
        }
        out.flush();
        return ExitCode.MISMATCH;
      }
    }
    out.printf("%d of %d cases were run, none fails%n", judged, cases.size());
    out.flush();
    return judged == 0 ? ExitCode.NOTHING_RUN : ExitCode.PASS;
  }

  private int pencil(Suite suite, List<GoldenCase> cases, Path results) throws IOException {
    Verify verify =
        new Verify(
            suite,
            cases,
            ResultFolder.open(results, suite),
            null,
            Map.of(),
            false,
            Launch.replay("verify", results.toString()));
    PrintWriter out = spec.commandLine().getOut();
    List<CaseVerdict> all =
        verify.run(_ -> {}).subjects().stream().flatMap(one -> one.cases().stream()).toList();
    for (CaseVerdict verdict : all) {
      List<Comparison> wrong = verdict.failing();
      Attribution stage = verdict.stage();
      if (!wrong.isEmpty() && stage != null) {
        out.println(verdict.golden().name() + ":");
        Pencil.lines(verdict.golden(), wrong, stage).forEach(out::println);
        out.flush();
        return ExitCode.MISMATCH;
      }
    }
    long judged = all.stream().filter(CaseVerdict::judged).count();
    out.printf("%d of %d cases were judged, no number of them is wrong%n", judged, all.size());
    long failed = all.stream().filter(one -> one.status() == Status.FAILED).count();
    if (failed > 0) {
      out.printf("%d fail for a reason that is no number: see verify%n", failed);
    }
    out.flush();
    return ExitCode.of(
        judged == 0 ? ExitCode.NOTHING_RUN : ExitCode.PASS,
        failed > 0 ? ExitCode.MISMATCH : ExitCode.PASS);
  }

  private void write(GoldenCase golden, Path place) throws IOException {
    CasePair.write(golden, place);
    List<String> words = new ArrayList<>(List.of("run", golden.mechanism().id()));
    Settings.of(golden.mechanism())
        .forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    words.addAll(List.of("--in", place.resolve(CasePair.INPUTS).toString()));
    words.addAll(List.of("--expect", place.resolve(CasePair.RIGHT).toString()));
    if (golden.backward()) {
      words.add("--grad");
    }
    if (engine != null) {
      words.addAll(List.of("--engine", engine));
    }
    String line = Launch.replay(words.toArray(String[]::new)).line();
    AtomicFile.write(place.resolve("replay.txt"), line + "\n");
    spec.commandLine().getOut().println("repeat: " + line);
  }
}
