package dev.assay.gradcheck.conformance;

import dev.assay.file.Safetensors;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.conformance.Judge.Judged;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Results that somebody hands in, against the golden suite: a folder with one safetensors file for
 * each case that was run, {@code <family>/<case>.safetensors}.
 *
 * @param suite what is right
 * @param cases which of its cases
 * @param folder where the results lie
 * @param precision id of the class to judge in, or null for what the files say
 * @param options declared conventions by key, which win over the files
 * @param complete whether a case without a file is a failure, or a file that lacks results
 * @param replay the command that does all of this, but for --case
 */
public record Verify(
    Suite suite,
    List<GoldenCase> cases,
    Path folder,
    @Nullable String precision,
    Map<String, String> options,
    boolean complete,
    Replay replay) {
  private static final String ENDING = ".safetensors";

  /** A case with what became of it; the class is null if there was nothing to read it from. */
  private record Entry(@Nullable PrecisionClass precision, Judged judged) {}

  /**
   * Judges everything.
   *
   * @throws IOException with one sentence, if the folder or its index cannot be read
   */
  public RunVerdict run(Progress progress) throws IOException {
    return run(progress, new KnownBounds());
  }

  /**
   * The same, with bounds that other folders of the same suite have asked for already.
   *
   * @throws IOException with one sentence, if the folder or its index cannot be read
   */
  public RunVerdict run(Progress progress, KnownBounds known) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder: name the one that holds the results");
    }
    ResultIndex index = ResultIndex.of(folder, suite);
    Judge judge = new Judge();
    Twins twins = new Twins();
    List<Entry> entries =
        cases.parallelStream()
            .map(
                golden -> {
                  Entry entry = judge(golden, index, judge, twins, known);
                  progress.step(golden.name());
                  return entry;
                })
            .toList();
    return new RunVerdict(
        suite.id() + " " + suite.version(), subjects(entries, twins, index), List.of(), notes());
  }

  private Entry judge(
      GoldenCase golden, @Nullable ResultIndex index, Judge judge, Twins twins, KnownBounds known) {
    String again = replay.with("--case", golden.name()).line();
    Path path = folder.resolve(golden.name() + ENDING);
    if (!Files.exists(path)) {
      return new Entry(null, judge.judge(golden, absent(golden, index), Map::of, again));
    }
    try {
      String usual = index == null ? null : index.precision();
      ResultFile file =
          ResultFile.of(Safetensors.read(path), golden, suite, precision, usual, options);
      GoldenCase right = file.conventions().windowOfOthers() ? OtherWindow.of(golden) : golden;
      Attempt attempt = file.attempt(right);
      if (attempt instanceof Results results) {
        twins.keep(right, results.tensors(), file.conventions().nondeterministic());
      }
      boolean scaled = file.conventions().scaleInQuery();
      Judged judged =
          judge.judge(
              right, attempt, () -> known.of(golden, right, scaled, file.precision()), again);
      return new Entry(file.precision(), complete ? whole(judged) : judged);
    } catch (NoBoundException none) {
      String reason = "not judged: " + none.getMessage();
      return new Entry(null, Judged.without(golden, Status.NOT_SUPPORTED, reason, again));
    } catch (IOException | IllegalArgumentException broken) {
      String reason = String.valueOf(broken.getMessage());
      String sentence = broken instanceof IOException ? reason : path + ": " + reason;
      return new Entry(null, Judged.without(golden, Status.MALFORMED, sentence, again));
    }
  }

  /** A verdict that does not let the LSE or the gradients be left out. */
  private static Judged whole(Judged judged) {
    CaseVerdict verdict = judged.verdict();
    Set<String> missing = new TreeSet<>(verdict.unsupported().keySet());
    return missing.isEmpty()
        ? judged
        : new Judged(
            verdict.failedBecause("was not handed in: " + String.join(", ", missing)),
            judged.compared());
  }

  /** What the index says of a case without a file. */
  private static Attempt absent(GoldenCase golden, @Nullable ResultIndex index) {
    ResultIndex.Entry entry = index == null ? null : index.cases().get(golden.name());
    String reason = entry == null || entry.reason() == null ? "" : entry.reason();
    return switch (entry == null ? "" : entry.status()) {
      case "refused" -> new Refusal(reason);
      case "unsupported" -> new Nothing(Status.NOT_SUPPORTED, reason);
      case "done" ->
          new Nothing(Status.MALFORMED, "the index says that it is done, but there is no file");
      default -> new Nothing(Status.NOT_ATTEMPTED, "");
    };
  }

  /** One subject for each class that occurs; cases without a class stand with the first. */
  private List<SubjectVerdict> subjects(
      List<Entry> entries, Twins twins, @Nullable ResultIndex index) {
    Set<PrecisionClass> classes = new TreeSet<>();
    entries.stream().map(Entry::precision).filter(one -> one != null).forEach(classes::add);
    if (classes.isEmpty()) {
      classes.add(precision == null ? PrecisionClass.F32_FLASH : PrecisionClass.find(precision));
    }
    List<SubjectVerdict> subjects = new ArrayList<>();
    boolean first = true;
    for (PrecisionClass each : classes) {
      boolean takesRest = first;
      List<Judged> own =
          entries.stream()
              .filter(e -> e.precision == each || (e.precision == null && takesRest))
              .map(Entry::judged)
              .toList();
      List<CaseVerdict> verdicts =
          own.stream()
              .map(Judged::verdict)
              .map(v -> twins.difference(v.golden()).map(v::failedBecause).orElse(v))
              .map(v -> v.status() == Status.NOT_ATTEMPTED ? absent(v, classes) : v)
              .toList();
      String who = index == null ? "" : index.impl();
      subjects.add(
          new SubjectVerdict(folder.toString(), each, who, verdicts, Gates.over(own, each)));
      first = false;
    }
    return subjects;
  }

  /** A case that nobody attempted: because no class here can run it, or for no reason. */
  private CaseVerdict absent(CaseVerdict verdict, Set<PrecisionClass> classes) {
    GoldenCase golden = verdict.golden();
    if (classes.stream().noneMatch(one -> golden.classes().contains(one.id()))) {
      String reason = "storage: the class does not hold inputs of " + golden.dtype();
      return CaseVerdict.of(golden, Status.NOT_SUPPORTED, reason, verdict.replay());
    }
    return complete ? verdict.failedBecause("no result was handed in") : verdict;
  }

  /** Files that belong to no case: a slip in a name would otherwise pass for 'not attempted'. */
  private List<String> notes() throws IOException {
    Map<String, Path> strangers = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .forEach(
              file -> strangers.put(folder.relativize(file).toString().replace('\\', '/'), file));
    }
    suite.cases().forEach(golden -> strangers.remove(golden.name() + ENDING));
    return strangers.isEmpty()
        ? List.of()
        : List.of(
            "%d files belong to no case of the suite, the first is %s"
                .formatted(strangers.size(), strangers.keySet().iterator().next()));
  }
}
