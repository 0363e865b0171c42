package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Window;
import java.util.List;

/** Causal frontiers, windows and lengths that are taken wrongly. */
final class FrontierSuspects {
  /**
   * How ranges of keys are made.
   *
   * @param corner which part of the offset counts: 0 all, 1 none, 2 the negative part
   * @param step added to the position
   * @param left added to the keys that a window sees to the left
   * @param right added to those to the right
   * @param endless whether rows behind the last query count
   */
  private record Range(int corner, int step, int left, int right, boolean endless) {}

  private FrontierSuspects() {}

  static List<Suspect> of(AttentionProblem problem) {
    if (problem.ragged() != null || problem.paging() != null) {
      return List.of();
    }
    return List.of(
        suspect("rows behind the last query are computed", new Range(0, 0, 0, 0, true)),
        suspect("the frontier is aligned at the top left", new Range(1, 0, 0, 0, false)),
        suspect("the frontier is aligned both ways at once", new Range(2, 0, 0, 0, false)),
        suspect("the frontier stands one key too far", new Range(0, 1, 0, 0, false)),
        suspect("the frontier stands one key too near", new Range(0, -1, 0, 0, false)),
        suspect("the window is one key too wide to the left", new Range(0, 0, 1, 0, false)),
        suspect("the window is one key too narrow to the left", new Range(0, 0, -1, 0, false)),
        suspect("the window is one key too wide to the right", new Range(0, 0, 0, 1, false)),
        suspect("the window is one key too narrow to the right", new Range(0, 0, 0, -1, false)));
  }

  private static Suspect suspect(String what, Range range) {
    return new Suspect(
        Stage.MASK,
        what,
        row -> row.softmax(j -> sees(row, j, range) ? row.unmasked(j) : Double.NEGATIVE_INFINITY));
  }

  private static boolean sees(Row row, int j, Range range) {
    AttentionProblem problem = row.problem();
    int offset = problem.offset(row.batch());
    int counted = range.corner == 0 ? offset : range.corner == 1 ? 0 : Math.min(offset, 0);
    int position = row.query() + counted + range.step;
    Window window = problem.window();
    int left = window == null || window.left() < 0 ? 1 << 30 : window.left() + range.left;
    int right = window == null || window.right() < 0 ? 1 << 30 : window.right() + range.right;
    return j < problem.keyLength(row.batch())
        && (range.endless || row.query() < problem.queryLength(row.batch()))
        && (!problem.causal() || j <= position)
        && j >= position - left
        && j <= position + right
        && MaskSuspects.visited(row, j)
        && problem.admits(row.batch(), row.head(), row.query(), j);
  }
}
