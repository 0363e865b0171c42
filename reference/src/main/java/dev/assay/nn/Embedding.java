package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;

/**
 * Row {@code id} of a table for each token.
 *
 * @param table [vocabulary, width]
 */
public record Embedding(Var table) {
  /** With the parameter {@code weight} of this place, bell-shaped with deviation 1/sqrt(width). */
  public static Embedding in(Scope scope, int vocabulary, int width) {
    Start start = Start.bell(1 / Math.sqrt(Require.positive(width, "width")));
    return new Embedding(scope.parameter("weight", start, vocabulary, width));
  }

  /**
   * Looks tokens up.
   *
   * @param ids B sequences of equal length n, each id from 0 to vocabulary - 1
   * @return [B, n, width]
   */
  public Var of(int[][] ids) {
    Require.argument(ids.length > 0, "there is no sequence to embed");
    int n = ids[0].length;
    int[] flat = new int[ids.length * n];
    for (int b = 0; b < ids.length; b++) {
      Require.argument(
          ids[b].length == n,
          "sequence %d has %d tokens and the first %d: pad them to one length",
          b,
          ids[b].length,
          n);
      System.arraycopy(ids[b], 0, flat, b * n, n);
    }
    return Ops.reshape(
        Ops.gather(table, 0, flat), Shape.of(ids.length, n, table.shape().extent(1)));
  }
}
