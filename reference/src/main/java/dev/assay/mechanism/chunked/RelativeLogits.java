package dev.assay.mechanism.chunked;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The part of a logit that depends on the distance of query and key: {@code scale x_i . r_(p_i -
 * j)}. Every row of the table is multiplied with every query that has a key at its distance, and
 * the products are then put in their places: what the literature does with a shift of rows.
 *
 * @param problem whose pairs are meant; a key never lies behind its query
 * @param row which row of the table stands for a distance
 * @param rows rows of the table
 */
record RelativeLogits(AttentionProblem problem, Row row, int rows) {
  /** Which row of the table stands for a distance. */
  interface Row {
    /** The row for this distance, which is at least 0. */
    int of(int distance);
  }

  /** Checks that every distance that occurs has its row. */
  RelativeLogits {
    for (int b = 0; b < problem.batches(); b++) {
      int farthest = Math.min(problem.queries() - 1 + problem.offset(b), problem.keys() - 1);
      for (int distance = 0; distance <= farthest; distance++) {
        int at = row.of(distance);
        Require.argument(
            at >= 0 && at < rows,
            "r has %d rows, but a key at distance %d needs row %d",
            rows,
            distance,
            at);
      }
    }
  }

  /**
   * The logits.
   *
   * @param x what meets the table, [B, H, n_q, d]
   * @param table [H, rows, d]
   * @return [B, H, n_q, n_k]; what it holds where no pair exists has no meaning
   */
  Var of(Var x, Var table) {
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    Shape products = pairs.with(3, rows);
    int[] places = places(pairs);
    Var tables =
        Ops.broadcast(
            Ops.reshape(table, Shape.of(1, table.shape().extent(0), rows, table.shape().extent(2))),
            Shape.of(problem.batches(), problem.heads(), rows, table.shape().extent(2)));
    Var met = Ops.sddmm(x, Ops.transpose(tables), met(products, pairs, places));
    Var flat = Ops.reshape(met, Shape.of(products.size()));
    Var shifted = Ops.reshape(Ops.gather(flat, 0, places), pairs);
    return Ops.scale(shifted, problem.scale());
  }

  /** Where the product of each pair lies. */
  private int[] places(Shape pairs) {
    int[] places = new int[pairs.size()];
    for (int p = 0; p < places.length; p++) {
      int[] x = pairs.index(p);
      int distance = Math.max(x[2] + problem.offset(x[0]) - x[3], 0);
      int at = row.of(distance);
      places[p] = p / problem.keys() * rows + Math.clamp(at, 0, rows - 1);
    }
    return places;
  }

  /** 1 for the products of pairs that exist: others are not even read. */
  private Tensor met(Shape products, Shape pairs, int[] places) {
    double[] keep = new double[products.size()];
    for (int p = 0; p < places.length; p++) {
      int[] x = pairs.index(p);
      if (KeepMask.exists(problem, x[0], x[1], x[2], x[3])) {
        keep[places[p]] = 1;
      }
    }
    return Tensor.adopt(products, keep);
  }
}
