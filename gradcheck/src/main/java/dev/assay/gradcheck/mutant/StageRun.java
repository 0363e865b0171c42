package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Stage;
import dev.assay.gradcheck.stage.Stages;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Wrong kernels as ground truth for the stage that a report names: each is run on some of the cases
 * that find it, and what is named is compared with the stage that was made wrong.
 */
public final class StageRun {
  /** How many of the named stages must be right, in percent. */
  public static final int RIGHT = 85;

  /** How many may be wrong, in percent; for the rest none is named. */
  public static final int WRONG = 10;

  private final Suite suite;
  private final KillMatrix matrix;
  private final int most;

  /**
   * What was named for one wrong kernel.
   *
   * @param id M and a number
   * @param fault in a sentence
   * @param stages any of which is right
   * @param cases failing cases that were looked at
   * @param named how often each stage was named, by its words; 'none' where none was
   * @param right how often a right one was
   * @param wrong how often another one was
   * @param example what was said of the first case
   */
  public record Named(
      String id,
      String fault,
      Set<Stage> stages,
      int cases,
      Map<String, Integer> named,
      int right,
      int wrong,
      String example) {}

  /**
   * A run.
   *
   * @param matrix says which case finds which kernel
   * @param most cases for each kernel, evenly from those that find it
   */
  public StageRun(Suite suite, KillMatrix matrix, int most) {
    this.suite = suite;
    this.matrix = matrix;
    this.most = most;
  }

  /** How many kernels there are. */
  public int size() {
    return MutantCatalog.all().size();
  }

  /** Of all cases of all kernels, how many percent are right. */
  public static double right(List<Named> all) {
    return 100.0 * all.stream().mapToInt(Named::right).sum() / cases(all);
  }

  /** How many percent are wrong. */
  public static double wrong(List<Named> all) {
    return 100.0 * all.stream().mapToInt(Named::wrong).sum() / cases(all);
  }

  /** Failing cases that were looked at. */
  public static int cases(List<Named> all) {
    return all.stream().mapToInt(Named::cases).sum();
  }

  /** Runs all; progress is told of each kernel. */
  public List<Named> run(Progress progress) {
    return MutantCatalog.all().parallelStream()
        .map(
            mutant -> {
              Named named = named(mutant);
              progress.step(mutant.id());
              return named;
            })
        .toList();
  }

  private Named named(Mutant mutant) {
    Subject subject = Subject.of(mutant);
    Map<String, Integer> named = new TreeMap<>();
    Set<Stage> stages = MutantStages.of(mutant.id());
    int cases = 0;
    int right = 0;
    int wrong = 0;
    String example = "";
    for (String name : killers(mutant.id())) {
      GoldenCase golden = suite.find(name);
      Optional<Attribution> found = Stages.of(golden, subject.trial().compared(golden));
      if (found.isPresent()) {
        Stage stage = found.get().stage();
        cases++;
        named.merge(stage == null ? "none" : stage.words(), 1, Integer::sum);
        boolean good = stage != null && stages.contains(stage);
        right += good ? 1 : 0;
        wrong += good || stage == null ? 0 : 1;
        example = example.isEmpty() ? name + ": " + found.get().sentence() : example;
      }
    }
    return new Named(mutant.id(), mutant.fault(), stages, cases, named, right, wrong, example);
  }

  /** Some of the cases that find a kernel, evenly over all of them. */
  private List<String> killers(String id) {
    List<String> killers = new ArrayList<>();
    for (MutantRow row : matrix.rows()) {
      for (int c = 0; c < matrix.cases().size() && row.id().equals(id); c++) {
        if (row.killedBy(c)) {
          killers.add(matrix.cases().get(c).name());
        }
      }
    }
    List<String> some = new ArrayList<>();
    int count = Math.min(most, killers.size());
    for (int t = 0; t < count; t++) {
      some.add(killers.get((int) ((long) t * killers.size() / count)));
    }
    return some;
  }
}
