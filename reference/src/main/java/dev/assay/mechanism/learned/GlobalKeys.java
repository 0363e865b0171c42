package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns that every row meets: the g of largest learned importance {@code c_j = k_j . a_h}. In
 * both directions they are the same for all rows, and the rows of the same tokens meet everything.
 * With causality each row has the best g of its own prefix, so that nothing is seen too early.
 *
 * @param chosen [B, H, 1 or R, C]
 * @param gate their smooth form, in the same shape
 * @param margin how near another choice was
 */
record GlobalKeys(Tensor chosen, Var gate, double margin) {

  static GlobalKeys of(Lspg lspg, Inputs inputs, ScorePlane plane) {
    Shape shape = plane.shape();
    Require.argument(
        inputs.has("a_global"),
        "globals is %d, which needs the tensor a_global [H, d]: give it, or set globals=0",
        lspg.globals());
    Var direction = inputs.var("a_global");
    int depth = plane.keys().shape().extent(3);
    Require.argument(
        direction.shape().equals(Shape.of(shape.extent(1), depth)),
        "a_global has shape %s: [%d, %d] is needed",
        direction.shape(),
        shape.extent(1),
        depth);
    Tensor candidates = candidates(plane, lspg.causal());
    Var row = Ops.reshape(direction, Shape.of(1, shape.extent(1), 1, depth));
    Var rows = Ops.broadcast(row, candidates.shape().with(3, depth));
    Var importance = Ops.sddmm(rows, Ops.transpose(plane.keys()), candidates);
    Tensor given = inputs.truths("global_columns");
    double margin = Double.POSITIVE_INFINITY;
    Tensor chosen;
    if (given == null) {
      double[] best = new double[candidates.size()];
      margin = choose(importance.value(), candidates, lspg.globals(), best);
      chosen = Tensor.adopt(candidates.shape(), best);
    } else {
      Require.argument(
          given.shape().equals(candidates.shape()),
          "global_columns has shape %s: %s is needed",
          given.shape(),
          candidates.shape());
      chosen = KeepMask.where(given.shape(), x -> given.at(x) * candidates.at(x) != 0);
    }
    Var gate = new Split(chosen, candidates).gate(importance, lspg.annealed());
    return new GlobalKeys(chosen, gate, margin);
  }

  private static Tensor candidates(ScorePlane plane, boolean causal) {
    if (causal) {
      return plane.admissible();
    }
    Shape shape = plane.shape();
    return KeepMask.where(
        shape.with(2, 1),
        x -> IntStream.range(0, shape.extent(2)).anyMatch(r -> plane.admits(x[0], x[1], r, x[3])));
  }

  private static double choose(Tensor importance, Tensor candidates, int count, double[] best) {
    double margin = Double.POSITIVE_INFINITY;
    int width = importance.shape().extent(3);
    for (int row = 0; row < best.length; row += width) {
      int[] places =
          IntStream.range(row, row + width).filter(p -> candidates.get(p) != 0).toArray();
      TopK top = TopK.of(importance::get, places, count, "the importance of a key");
      for (int p : top.taken()) {
        best[p] = 1;
      }
      margin = Math.min(margin, top.gap());
    }
    return margin;
  }

  /** As a level of the pattern, within its admissible pairs. */
  Level level(ScorePlane plane, boolean causal) {
    Shape shape = plane.shape();
    Var columns = Ops.broadcast(gate, shape);
    Tensor met = KeepMask.where(shape, x -> plane.admits(x) && KeepMask.broadcast(chosen, x) != 0);
    Level global = new Level("global key", met, Ops.select(columns, plane.admissible()));
    return causal || shape.extent(3) == 0 ? global : withRows(global, plane);
  }

  /** The rows of the chosen tokens, too. */
  private Level withRows(Level columns, ScorePlane plane) {
    Shape shape = plane.shape();
    int[] places = new int[shape.with(3, 1).size()];
    double[] exist = new double[places.length];
    for (int p = 0; p < places.length; p++) {
      int[] x = shape.with(3, 1).index(p);
      int token = x[2] + plane.offsets()[x[0]];
      exist[p] = token >= 0 && token < shape.extent(3) ? 1 : 0;
      places[p] = chosen.shape().offset(x[0], x[1], 0, exist[p] != 0 ? token : 0);
    }
    Shape rows = shape.with(3, 1);
    Tensor has = Tensor.adopt(rows, exist);
    Var flat = Ops.reshape(gate, Shape.of(gate.shape().size()));
    Var gates = Ops.select(Ops.reshape(Ops.gather(flat, 0, places), rows), has);
    Tensor met =
        KeepMask.where(
            shape,
            x -> {
              int row = rows.offset(x[0], x[1], x[2], 0);
              return plane.admits(x) && has.get(row) != 0 && chosen.get(places[row]) != 0;
            });
    Var soft = Ops.select(Ops.broadcast(gates, shape), plane.admissible());
    Level query = new Level("global query", met, soft);
    List<Level> both = List.of(columns, query);
    return new Level("global", Level.any(both), Level.largest(both));
  }
}
