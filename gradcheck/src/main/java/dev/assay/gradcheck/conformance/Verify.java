package dev.assay.gradcheck.conformance;

import dev.assay.file.Printable;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.conformance.Judge.BoundsOfCase;
import dev.assay.gradcheck.conformance.Judge.Judged;
import dev.assay.gradcheck.recipe.WholeRecipe;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Results that somebody hands in, against the golden suite: each case that was run is one
 * safetensors file, in a folder or from a program.
 *
 * @param suite what is right
 * @param cases which of its cases
 * @param results where they come from
 * @param precision id of the class to judge in, or null for what the files say
 * @param options declared conventions by key, which win over the files
 * @param complete whether a case without a file is a failure, or a file that lacks results
 * @param replay the command that does all of this, but for --case
 */
public record Verify(
    Suite suite,
    List<GoldenCase> cases,
    Submission results,
    @Nullable String precision,
    Map<String, String> options,
    boolean complete,
    Replay replay) {
  private static final String NO_WINDOW =
      "not judged: what a recipe expects is of windows that count the query's own key";

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
    Judge judge = new Judge(suite);
    Twins twins = new Twins();
    List<Entry> entries =
        cases.parallelStream()
            .map(
                golden -> {
                  Entry entry = judge(golden, judge, twins, known);
                  progress.step(golden.name());
                  return entry;
                })
            .toList();
    List<String> notes = new ArrayList<>(results.notes());
    List<SubjectVerdict> subjects = subjects(entries, twins, notes);
    return new RunVerdict(suite.id() + " " + suite.version(), subjects, List.of(), notes);
  }

  private Entry judge(GoldenCase golden, Judge judge, Twins twins, KnownBounds known) {
    String again = replay.with("--case", golden.name()).line();
    String where = results.name();
    try {
      Submission.Answer answer = results.of(golden);
      TensorFile whole = answer.file();
      if (whole == null) {
        return new Entry(null, judge.judge(golden, answer.instead(), Map::of, again));
      }
      where = whole.source();
      return judge(golden, judge, twins, known, whole, again);
    } catch (NoBoundException none) {
      String reason = "not judged: " + none.getMessage();
      return new Entry(null, Judged.without(golden, Status.NOT_SUPPORTED, reason, again));
    } catch (IOException | IllegalArgumentException broken) {
      String reason = String.valueOf(broken.getMessage());
      String sentence =
          Printable.of(broken instanceof IOException ? reason : where + ": " + reason);
      return new Entry(null, Judged.without(golden, Status.MALFORMED, sentence, again));
    }
  }

  /** The verdict on results that were handed in. */
  private Entry judge(
      GoldenCase golden,
      Judge judge,
      Twins twins,
      KnownBounds known,
      TensorFile whole,
      String again)
      throws IOException {
    RecipeCase recipe = suite.recipe(golden.name()).orElse(null);
    TensorFile handedIn = recipe == null ? whole : WholeRecipe.sampled(recipe, whole);
    ResultFile file =
        ResultFile.of(handedIn, golden, suite, precision, results.precision(), options);
    if (file.conventions().windowOfOthers() && OtherWindow.isUnknown(golden)) {
      return new Entry(
          file.precision(), Judged.without(golden, Status.NOT_SUPPORTED, NO_WINDOW, again));
    }
    GoldenCase asked = file.conventions().windowOfOthers() ? OtherWindow.of(golden) : golden;
    Attempt attempt = file.attempt(asked);
    if (attempt instanceof Results given) {
      twins.keep(asked, given.tensors(), file.conventions().nondeterministic());
    }
    GoldenCase right =
        attempt instanceof Results given
            ? OtherChoice.of(asked, given, file.precision()).orElse(asked)
            : asked;
    Declared declared = file.conventions().declared();
    BoundsOfCase bounds =
        () ->
            recipe != null
                ? known.of(recipe, declared, file.precision())
                : known.of(golden, right, declared, file.precision());
    Judged judged = judge.judge(Recast.asked(right, declared), attempt, bounds, again);
    return new Entry(file.precision(), complete ? whole(judged) : judged);
  }

  /** A verdict that does not let the LSE or the gradients be left out. */
  private static Judged whole(Judged judged) {
    CaseVerdict verdict = judged.verdict();
    Set<String> missing = new TreeSet<>(verdict.unsupported().keySet());
    return missing.isEmpty()
        ? judged
        : judged.with(verdict.failedBecause("was not handed in: " + String.join(", ", missing)));
  }

  /** One subject for each class that occurs; cases without a class stand with the first. */
  private List<SubjectVerdict> subjects(List<Entry> entries, Twins twins, List<String> notes) {
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
          Judge.closer(
              entries.stream()
                  .filter(e -> e.precision == each || (e.precision == null && takesRest))
                  .map(Entry::judged)
                  .toList());
      Relations relations = new Relations(suite.relations(), own, twins.loose());
      if (relations.judged() > 0) {
        notes.add(each.id() + ": " + relations.note());
      }
      List<CaseVerdict> verdicts =
          own.stream()
              .map(Judged::verdict)
              .map(v -> twins.difference(v.golden()).map(v::failedBecause).orElse(v))
              .map(v -> relations.broken(v.golden().name()).map(v::failedBecause).orElse(v))
              .map(v -> v.status() == Status.NOT_ATTEMPTED ? absent(v, classes) : v)
              .toList();
      subjects.add(
          new SubjectVerdict(
              results.name(), each, results.impl(), verdicts, Gates.over(own, each)));
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
}
