package dev.assay.mechanism.heads;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** Which heads are active: those whose score is at least theta, and always a few of the best. */
final class HeadChoice {
  private final Tensor score;
  private final double[] active;
  private double margin = Double.POSITIVE_INFINITY;

  /**
   * Chooses heads.
   *
   * @param score [B, H, rows]
   * @param theta threshold
   * @param kept so many heads are active whatever their score; ties go to the lower index
   */
  HeadChoice(Tensor score, double theta, int kept) {
    this.score = score;
    this.active = new double[score.size()];
    Shape shape = score.shape();
    for (int p = 0; p < active.length; p++) {
      double s = score.get(p);
      Require.argument(
          !Double.isNaN(s),
          "the score of head %d is NaN in batch entry %d: the gate needs numbers, or a given active",
          shape.index(p)[1],
          shape.index(p)[0]);
      active[p] = s >= theta ? 1 : 0;
      margin = Math.min(margin, Math.abs(s - theta));
    }
    for (int b = 0; b < shape.extent(0); b++) {
      for (int row = 0; row < shape.extent(2); row++) {
        keepBest(b, row, Math.min(kept, shape.extent(1)));
      }
    }
  }

  private void keepBest(int b, int row, int kept) {
    int count = 0;
    for (int h = 0; h < score.shape().extent(1); h++) {
      count += active[at(b, h, row)] != 0 ? 1 : 0;
    }
    for (; count < kept; count++) {
      int best = bestInactive(b, row);
      active[best] = 1;
      int next = bestInactive(b, row);
      if (next >= 0) {
        margin = Math.min(margin, score.get(best) - score.get(next));
      }
    }
  }

  /**
   * Position of the largest score among inactive heads, the first of equals; -1 if there is none.
   */
  private int bestInactive(int b, int row) {
    int best = -1;
    for (int h = 0; h < score.shape().extent(1); h++) {
      int at = at(b, h, row);
      if (active[at] == 0 && (best < 0 || score.get(at) > score.get(best))) {
        best = at;
      }
    }
    return best;
  }

  private int at(int b, int h, int row) {
    return score.shape().offset(b, h, row);
  }

  Tensor active() {
    return Tensor.adopt(score.shape(), active);
  }

  double margin() {
    return margin;
  }
}
