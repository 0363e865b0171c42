package dev.assay.gradcheck.conformance;

import dev.assay.engine.Availability;
import dev.assay.engine.Engine;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.conformance.Judge.Judged;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Engines against the golden suite: every case on every engine, forward and gradients, each tensor
 * within the bounds of the engine's class. Cases are taken by all processors; the verdict does not
 * depend on how many there are.
 *
 * @param suite what is right
 * @param cases which of its cases
 * @param engines who is judged; those that cannot run here are passed over with a note
 * @param required engines that must have been judged
 * @param precision the class to judge in, or null for each engine's own
 * @param replay the command that does all of this, but for --engine and --case
 * @param memory bytes that the tensors of a recipe may take; what needs more is not run
 */
public record Check(
    Suite suite,
    List<GoldenCase> cases,
    List<Engine> engines,
    List<String> required,
    @Nullable PrecisionClass precision,
    Replay replay,
    long memory) {
  /** What the tensors of a recipe may take unless something else is said: 1 GB. */
  public static final long MEMORY = 1_000_000_000;

  /** With the usual memory for recipes. */
  public Check(
      Suite suite,
      List<GoldenCase> cases,
      List<Engine> engines,
      List<String> required,
      @Nullable PrecisionClass precision,
      Replay replay) {
    this(suite, cases, engines, required, precision, replay, MEMORY);
  }

  /** One engine on its way through the cases. */
  private record Entrant(
      Engine engine, PrecisionClass precision, EngineAttempts attempts, Judge judge, Twins twins) {}

  /** Runs everything. */
  public RunVerdict run(Progress progress) {
    List<String> notes = new ArrayList<>();
    List<Entrant> entrants = new ArrayList<>();
    for (Engine engine : engines) {
      Availability here = engine.availability();
      if (here.available()) {
        PrecisionClass judged =
            precision != null ? precision : PrecisionClass.find(engine.precisionClass());
        entrants.add(
            new Entrant(
                engine, judged, new EngineAttempts(engine, judged), new Judge(suite), new Twins()));
      } else {
        notes.add(
            "%s cannot run here: %s; %s".formatted(engine.id(), here.description(), here.remedy()));
      }
    }
    List<List<Judged>> byCase =
        cases.parallelStream().map(golden -> judge(golden, entrants, progress)).toList();
    List<SubjectVerdict> subjects = new ArrayList<>();
    for (int e = 0; e < entrants.size(); e++) {
      int at = e;
      List<Judged> own = Judge.closer(byCase.stream().map(judged -> judged.get(at)).toList());
      Relations relations = new Relations(suite.relations(), own, Map.of());
      subjects.add(subject(entrants.get(e), own, relations));
      if (relations.judged() > 0) {
        notes.add("%s: %s".formatted(entrants.get(e).engine.id(), relations.note()));
      }
      notes.add(
          "%s: %d cases were held against their twins, bit by bit"
              .formatted(entrants.get(e).engine.id(), entrants.get(e).twins.compared(cases)));
    }
    return new RunVerdict(suite.id() + " " + suite.version(), subjects, absent(subjects), notes);
  }

  private List<Judged> judge(GoldenCase golden, List<Entrant> entrants, Progress progress) {
    RecipeCase recipe = suite.recipe(golden.name()).orElse(null);
    CaseBounds bounds =
        recipe == null
            ? new CaseBounds(golden, Declared.NOTHING)
            : CaseBounds.of(recipe, Declared.NOTHING);
    List<EngineAttempts> engines = entrants.stream().map(Entrant::attempts).toList();
    List<Attempt> attempts =
        recipe == null
            ? engines.stream().map(one -> one.at(golden)).toList()
            : RecipeAttempts.of(recipe, engines, memory);
    List<Judged> judged = new ArrayList<>();
    for (int e = 0; e < entrants.size(); e++) {
      judged.add(judge(golden, entrants.get(e), attempts.get(e), bounds));
      progress.step(golden.name());
    }
    return judged;
  }

  private Judged judge(GoldenCase golden, Entrant entrant, Attempt attempt, CaseBounds bounds) {
    String again = replay.with("--engine", entrant.engine.id(), "--case", golden.name()).line();
    if (attempt instanceof Results results) {
      entrant.twins.keep(golden, results.tensors(), Set.of());
    }
    try {
      return entrant.judge.judge(golden, attempt, () -> bounds.of(entrant.precision), again);
    } catch (NoBoundException none) {
      String reason = "not judged: " + none.getMessage();
      return Judged.without(golden, Status.NOT_SUPPORTED, reason, again);
    }
  }

  private static SubjectVerdict subject(Entrant entrant, List<Judged> judged, Relations relations) {
    List<CaseVerdict> verdicts = new ArrayList<>();
    for (Judged each : judged) {
      CaseVerdict verdict = each.verdict();
      verdicts.add(
          entrant
              .twins
              .difference(verdict.golden())
              .or(() -> relations.broken(verdict.golden().name()))
              .map(verdict::failedBecause)
              .orElse(verdict));
    }
    return new SubjectVerdict(
        entrant.engine.id(),
        entrant.precision,
        entrant.engine.availability().description(),
        verdicts,
        Gates.over(judged, entrant.precision));
  }

  private List<String> absent(List<SubjectVerdict> subjects) {
    List<String> absent = new ArrayList<>();
    for (String id : required) {
      boolean judged =
          subjects.stream().anyMatch(one -> one.subject().equals(id) && one.judged() > 0);
      if (!judged) {
        absent.add("engine " + id + " is required, but nothing of it was judged");
      }
    }
    return absent;
  }
}
