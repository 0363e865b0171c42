package dev.assay.gradcheck.conformance;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.bound.NoBoundException;
import dev.assay.gradcheck.conformance.Attempt.Given;
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
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * One engine against another, on the suite and on problems drawn at random: their results may lie
 * apart by the bounds of both classes together. Two engines that are wrong in the same way agree,
 * so parity proves less than a check against the suite; it reaches shapes that no suite holds.
 *
 * @param suite the suite
 * @param cases which of its cases
 * @param engine who is judged
 * @param against whom it is held against
 * @param seed of the random problems
 * @param first number of the first random problem
 * @param tries how many there are
 * @param replay the command that does all of this, but for --case, --tries, --seed and --try
 */
public record Parity(
    Suite suite,
    List<GoldenCase> cases,
    Engine engine,
    Engine against,
    int seed,
    int first,
    int tries,
    Replay replay) {
  private static final int MOST_STEPS = 200;

  /** Runs everything. */
  public RunVerdict run(Progress progress) {
    Judge judge = new Judge(suite);
    List<Judged> known =
        cases.parallelStream()
            .map(
                golden -> {
                  Judged judged =
                      judge(
                          golden,
                          judge,
                          replay.with("--tries", "0", "--case", golden.name()).line());
                  progress.step(golden.name());
                  return judged;
                })
            .toList();
    List<Judged> random =
        IntStream.range(first, first + tries)
            .parallel()
            .mapToObj(
                number -> {
                  Judged judged = attempt(RandomProblem.of(seed, number), judge);
                  progress.step("try " + number);
                  return judged;
                })
            .toList();
    List<SubjectVerdict> subjects =
        tries == 0
            ? List.of(subject("suite", known))
            : known.isEmpty()
                ? List.of(subject("random", random))
                : List.of(subject("suite", known), subject("random", random));
    List<String> notes =
        tries == 0
            ? List.of()
            : List.of("%d random problems, seed %d, from number %d".formatted(tries, seed, first));
    return new RunVerdict(suite.id() + " " + suite.version(), subjects, List.of(), notes);
  }

  private PrecisionClass own() {
    return PrecisionClass.find(engine.precisionClass());
  }

  private PrecisionClass other() {
    return PrecisionClass.find(against.precisionClass());
  }

  private SubjectVerdict subject(String where, List<Judged> all) {
    List<Judged> judged = Judge.closer(all);
    return new SubjectVerdict(
        engine.id() + " against " + against.id() + ", " + where,
        own(),
        engine.availability().description(),
        judged.stream().map(Judged::verdict).toList(),
        Gates.over(judged, own()));
  }

  /** A random problem; one that fails is made smaller as long as it still fails. */
  private Judged attempt(RandomProblem problem, Judge judge) {
    String again =
        replay
            .with("--seed", String.valueOf(seed), "--try", String.valueOf(problem.number()))
            .line();
    Judged judged = judge(new RandomCase(problem).golden(own()), judge, again);
    if (judged.verdict().status() != Status.FAILED) {
      // Tens of thousands of verdicts are kept: they must not hold their tensors.
      GoldenCase light = Recast.withoutTensors(judged.verdict().golden());
      return judged.with(judged.verdict().of(light));
    }
    RandomProblem smallest = problem;
    int steps = 0;
    boolean shrunk = true;
    while (shrunk && steps < MOST_STEPS) {
      shrunk = false;
      for (RandomProblem smaller : smallest.smaller()) {
        Judged less = judge(new RandomCase(smaller).golden(own()), judge, again);
        steps++;
        if (less.verdict().status() == Status.FAILED) {
          smallest = smaller;
          judged = less;
          shrunk = true;
          break;
        }
      }
    }
    CaseVerdict verdict =
        judged.verdict().failedBecause("the smallest relative that fails: " + smallest.describe());
    return judged.with(verdict);
  }

  private Judged judge(GoldenCase golden, Judge judge, String again) {
    Attempt theirs = new EngineAttempts(against, other()).at(golden);
    EngineAttempts mine = new EngineAttempts(engine, own());
    if (theirs instanceof Nothing nothing) {
      String reason = against.id() + ": " + nothing.reason();
      return Judged.without(golden, nothing.status(), reason, again);
    }
    if (theirs instanceof Refusal) {
      Attempt ours = mine.at(golden);
      if (ours instanceof Nothing nothing) {
        return Judged.without(golden, nothing.status(), nothing.reason(), again);
      }
      boolean both = ours instanceof Refusal;
      String reason = both ? "both refuse" : "only " + against.id() + " refuses";
      return Judged.without(golden, both ? Status.PASSED : Status.FAILED, reason, again);
    }
    GoldenCase expected = expecting(golden, (Results) theirs);
    CaseBounds bounds = new CaseBounds(golden, Declared.NOTHING);
    try {
      return judge.judge(expected, mine.at(expected), () -> sum(bounds), again);
    } catch (NoBoundException none) {
      String reason = "not judged: " + none.getMessage();
      return Judged.without(golden, Status.NOT_SUPPORTED, reason, again);
    }
  }

  /** How far apart two right results may lie. */
  private Map<String, Tensor> sum(CaseBounds bounds) {
    Map<String, Tensor> theirs = bounds.of(other());
    Map<String, Tensor> both = new LinkedHashMap<>();
    bounds
        .of(own())
        .forEach(
            (name, mine) -> {
              Tensor other = theirs.getOrDefault(name, Tensor.zeros(mine.shape()));
              both.put(name, Tensor.generate(mine.shape(), p -> mine.get(p) + other.get(p)));
            });
    return both;
  }

  /** The case with the other engine's results for right. */
  private static GoldenCase expecting(GoldenCase golden, Results theirs) {
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>();
    for (Map.Entry<String, Given> given : theirs.tensors().entrySet()) {
      if (!golden.inputs().containsKey(given.getKey())) {
        expect.put(given.getKey(), given.getValue().value());
      }
    }
    return Recast.of(golden, golden.mechanism(), expect, golden.exact(), golden.twin());
  }
}
