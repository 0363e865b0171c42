package dev.assay.mechanism.learned;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A mask that no content shapes: of s keys in a row the ceil(s / 2) nearest to the query, the lower
 * of two as near, and the others evenly spread over what is left. It has the budget of a learned
 * mask, so that both cost the same.
 *
 * @param pairs 1 where a pair exists, [B, H, n_q, n_k]
 * @param budget s, [B, H, n_q]
 * @param margin how near another budget was
 * @param reasons why a pair exists
 */
record FixedPattern(Tensor pairs, Tensor budget, double margin, Mechanism.Rules reasons) {

  /** How many pairs each row holds. */
  static Tensor count(Tensor pairs) {
    Shape shape = pairs.shape();
    int width = shape.extent(3);
    return Tensor.generate(
        Shape.of(shape.extent(0), shape.extent(1), shape.extent(2)),
        row -> {
          double count = 0;
          for (int j = 0; j < width; j++) {
            count += pairs.get(row * width + j);
          }
          return count;
        });
  }

  static FixedPattern of(AttentionProblem problem, Tensor budget, double margin) {
    Require.argument(
        budget.shape().equals(problem.lseShape()),
        "budget has shape %s: %s is needed",
        budget.shape(),
        problem.lseShape());
    Tensor allowed = KeepMask.of(problem, (b, h, i, j) -> true);
    int width = problem.keys();
    double[] kind = new double[allowed.size()];
    for (int row = 0; row < budget.size(); row++) {
      int[] x = budget.shape().index(row);
      List<Integer> keys = new ArrayList<>();
      for (int j = 0; j < width; j++) {
        if (allowed.get(row * width + j) != 0) {
          keys.add(j);
        }
      }
      fill(kind, row * width, keys, x[2] + problem.offset(x[0]), (int) budget.get(row));
    }
    Tensor kinds = Tensor.adopt(allowed.shape(), kind);
    return new FixedPattern(
        KeepMask.where(kinds.shape(), x -> kinds.at(x) != 0),
        budget,
        margin,
        (b, h, i, j) ->
            kinds.at(b, h, i, j) == 0
                ? Mechanism.NOT_ATTENDED
                : kinds.at(b, h, i, j) == 1 ? "nearest" : "spread");
  }

  /** Marks the nearest keys by 1 and the spread ones by 2. */
  private static void fill(double[] kind, int start, List<Integer> keys, int position, int budget) {
    List<Integer> byDistance = new ArrayList<>(keys);
    // The sort is stable: of two as near, the lower index comes first.
    byDistance.sort((a, b) -> Integer.compare(Math.abs(a - position), Math.abs(b - position)));
    int count = Math.clamp(budget, 0, keys.size());
    int near = (count + 1) / 2;
    for (int key : byDistance.subList(0, near)) {
      kind[start + key] = 1;
    }
    List<Integer> rest = new ArrayList<>(keys);
    rest.removeAll(byDistance.subList(0, near));
    for (int s = 0; s < count - near; s++) {
      kind[start + rest.get(s * rest.size() / (count - near))] = 2;
    }
  }
}
