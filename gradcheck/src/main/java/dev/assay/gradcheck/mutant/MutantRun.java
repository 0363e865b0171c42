package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.conformance.Alarm;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Alarms.Run;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.golden.GoldenWriter;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Every wrong kernel on every case that it can run; cases are taken by all processors. */
public final class MutantRun {
  private final Suite suite;
  private final List<Subject> subjects;

  MutantRun(Suite suite, List<Subject> subjects) {
    this.suite = suite;
    this.subjects = subjects;
  }

  /** What became of each subject on one case, by mutant. */
  private record Column(GoldenCase golden, Map<String, Run> runs) {}

  /** The plain kernel with each of the faults of that name, {@code M01} and the like. */
  public static MutantRun plain(Suite suite, Predicate<String> ids) {
    return new MutantRun(
        suite,
        MutantCatalog.all().stream().filter(m -> ids.test(m.id())).map(Subject::of).toList());
  }

  /** The cases that some subject is run on: those of the core, then those of mechanisms. */
  public List<GoldenCase> cases() {
    return suite.cases().stream()
        .filter(golden -> subjects.stream().anyMatch(subject -> subject.runs(golden)))
        .sorted(Comparator.comparing(golden -> !GoldenWriter.isOfCore(golden.family())))
        .toList();
  }

  /** How many wrong kernels there are. */
  public int size() {
    return subjects.size();
  }

  /** Runs everything; progress is told of each case. */
  public KillMatrix run(Progress progress) {
    List<Column> columns =
        cases().parallelStream()
            .map(
                golden -> {
                  Column column = column(golden);
                  progress.step(golden.name());
                  return column;
                })
            .toList();
    Map<String, Column> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.golden().name(), column));
    List<MutantRow> rows = new ArrayList<>();
    for (Subject subject : subjects) {
      StringBuilder gates = new StringBuilder();
      for (Column column : columns) {
        gates.append(letter(subject.mutant().id(), column, byName));
      }
      Mutant mutant = subject.mutant();
      rows.add(
          new MutantRow(
              mutant.id(),
              mutant.family().word(),
              mutant.fault(),
              mutant.upstream(),
              gates.toString()));
    }
    List<CaseColumn> cases =
        columns.stream()
            .map(c -> c.golden())
            .map(g -> new CaseColumn(g.name(), GoldenWriter.isOfCore(g.family())))
            .toList();
    return new KillMatrix(suite.id() + " " + suite.version(), cases, rows);
  }

  private Column column(GoldenCase golden) {
    Alarms alarms = Alarms.of(golden);
    Map<String, Run> runs = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      if (subject.runs(golden)) {
        Run run = alarms.run(subject.engine(), subject.choices(golden));
        // Tensors are kept only where twins are compared with each other.
        runs.put(subject.mutant().id(), golden.twin() == null ? run.withoutResults() : run);
      }
    }
    return new Column(golden, runs);
  }

  private static char letter(String mutant, Column column, Map<String, Column> byName) {
    Run run = column.runs().get(mutant);
    if (run == null || !run.judged()) {
      return KillMatrix.NOT_RUN;
    }
    if (!run.closed().isEmpty()) {
      return run.closed().iterator().next().letter();
    }
    String twin = column.golden().twin();
    Column other = twin == null ? null : byName.get(twin);
    Run twinRun = other == null ? null : other.runs().get(mutant);
    boolean differs = twinRun != null && Alarms.of(column.golden()).differs(run, twinRun);
    return differs ? Alarm.TWIN.letter() : KillMatrix.ALIVE;
  }
}
