package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * A choice of the best of each row as a smooth gate: {@code sigmoid((x - c) / T)}, with c halfway
 * between the least that was chosen and the greatest that was refused. So the gate is above 1/2
 * exactly where the choice is 1. c is a constant for the gradient. A row that chose all or nothing
 * has no c: its gate is the choice itself.
 *
 * @param chosen 0 or 1
 * @param candidates 1 where there was something to choose
 */
record Split(Tensor chosen, Tensor candidates) {
  /**
   * The gate.
   *
   * @param x what the choice was made by, in the shape of {@code chosen}
   * @param temperature T
   */
  Var gate(Var x, double temperature) {
    int width = chosen.shape().extent(-1);
    double[] halves = new double[chosen.size()];
    double[] divided = new double[chosen.size()];
    for (int row = 0; row < halves.length; row += width) {
      int least = extreme(x.value(), row, width, 1);
      int greatest = extreme(x.value(), row, width, 0);
      if (least >= 0 && greatest >= 0) {
        halves[least] = 0.5;
        halves[greatest] = 0.5;
        for (int p = row; p < row + width; p++) {
          divided[p] = candidates.get(p);
        }
      }
    }
    Shape shape = chosen.shape();
    Tensor isDivided = Tensor.adopt(shape, divided);
    Var known = Ops.select(x, candidates);
    Var middle = Ops.sum(Ops.mul(known, constant(x, Tensor.adopt(shape, halves))), -1);
    Var gate = Ops.sigmoid(Ops.scale(Ops.sub(known, Ops.detach(middle)), 1 / temperature));
    Tensor rest =
        KeepMask.where(
            shape, at -> isDivided.at(at) == 0 && chosen.at(at) * candidates.at(at) != 0);
    return Ops.add(Ops.select(gate, isDivided), constant(x, rest));
  }

  /** The place of the least chosen or of the greatest refused candidate of a row, or -1. */
  private int extreme(Tensor x, int row, int width, int side) {
    int best = -1;
    for (int p = row; p < row + width; p++) {
      if (candidates.get(p) != 0 && (chosen.get(p) != 0) == (side != 0)) {
        boolean better = best < 0 || (side != 0 ? x.get(p) < x.get(best) : x.get(p) > x.get(best));
        best = better ? p : best;
      }
    }
    return best;
  }

  private static Var constant(Var x, Tensor value) {
    return Ops.constant(x.tape(), value);
  }
}
