package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.bound.RowWeights;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows miss one key, or count one twice. Without key j a row is {@code (o - p_j v_j) / (1 - p_j)}
 * and its LSE {@code L + log(1 - p_j)}; with it twice {@code (o + p_j v_j) / (1 + p_j)}: so every
 * key of every failing row is tried without computing anything again.
 */
final class LostKey implements Guess {
  private static final int MOST_ROWS = 64;

  @Override
  public Optional<String> look(Failure failure) {
    boolean forward = failure.tensor().equals("out") || failure.tensor().equals("lse");
    Branch run = forward ? failure.oracle().attention() : null;
    if (run == null || run.plan() instanceof MergePlan || run.problem().dropoutKeep() != null) {
      return Optional.empty();
    }
    for (double change : new double[] {-1, 1}) {
      Optional<String> found = look(failure, run, change);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> look(Failure failure, Branch run, double change) {
    AttentionProblem problem = run.problem();
    RowWeights weights = new RowWeights(problem, run.plan());
    TreeMap<Integer, Integer> keys = new TreeMap<>();
    int looked = 0;
    for (int row : failure.rows().keySet()) {
      int[] at = problem.lseShape().index(row);
      weights.of(at[0], at[1], at[2]);
      int key = explaining(failure, problem, weights, row, change);
      if (key < 0) {
        return Optional.empty();
      }
      keys.merge(key, 1, Integer::sum);
      if (++looked == MOST_ROWS) {
        break;
      }
    }
    return Optional.of(sentence(failure, problem, keys, looked, change));
  }

  /** The key whose change explains the row, or -1. */
  private static int explaining(
      Failure failure, AttentionProblem problem, RowWeights weights, int row, double change) {
    int[] at = problem.lseShape().index(row);
    for (int t = weights.size() - 1; t >= 0; t--) {
      double p = weights.weight(t);
      int value = problem.keyRow(at[0], problem.kvHead(at[1]), weights.key(t));
      if (explains(failure, problem, row, change * p, value)) {
        return weights.key(t);
      }
    }
    return -1;
  }

  private static boolean explains(
      Failure failure, AttentionProblem problem, int row, double change, int valueRow) {
    Tensor golden = failure.compared().golden();
    if (failure.tensor().equals("lse")) {
      return failure.near(row, golden.get(row) + StrictMath.log1p(change));
    }
    int channels = problem.valueDepth();
    for (int c = 0; c < channels; c++) {
      double v = problem.v().get(valueRow * channels + c);
      double changed = (golden.get(row * channels + c) + change * v) / (1 + change);
      if (!failure.near(row * channels + c, changed)) {
        return false;
      }
    }
    return true;
  }

  private static String sentence(
      Failure failure,
      AttentionProblem problem,
      Map<Integer, Integer> keys,
      int rows,
      double change) {
    String what = change < 0 ? "is lost" : "counts twice";
    String where =
        rows == 1
            ? "row " + failure.axes().describeRow(failure.rows().firstKey())
            : rows + " failing rows";
    if (keys.size() > 1) {
      return "one key %s in each of %s: %s".formatted(what, where, keys.keySet());
    }
    int key = keys.keySet().iterator().next();
    String last = key == problem.keys() - 1 ? " (the last)" : "";
    return "key %d%s %s in %s".formatted(key, last, what, where);
  }
}
