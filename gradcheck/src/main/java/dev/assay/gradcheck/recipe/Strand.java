package dev.assay.gradcheck.recipe;

import dev.assay.gradcheck.suite.Drawn;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntToLongFunction;

/**
 * What a recipe asks of a query, or of a key and those who see it, as a small dense problem with a
 * mask.
 *
 * <p>Shapes, with H heads, R queries, K keys: q [1, H, R, d], k [1, 1, K, d], v [1, 1, K, d_v],
 * mask [1, 1, R, K], bias [1, H, R, K], d_out [1, H, R, d_v], d_lse [1, H, R]. Keys come in whole
 * tiles of the aligned ones that bounds count, so that a bound is that of the whole problem; those
 * that nobody sees are 0.
 *
 * @param b batch entry
 * @param kvHead key head
 * @param key the key whose gradients are asked for, or {@link #NO_KEY}: then it is the one query
 * @param heads query heads of its group, ascending
 * @param rows queries, ascending
 * @param keys places of the K keys, ascending
 * @param seen for each row, which of the K keys it sees
 */
record Strand(int b, int kvHead, int key, int[] heads, int[] rows, int[] keys, boolean[][] seen) {
  /** In the place of the key of a problem about a query. */
  static final int NO_KEY = -1;

  private static final int CHANNELS = 3;

  /** Place of a sampled key's row in the results of keys; -1 if it is not asked for here. */
  int keyPlace(List<Integer> at) {
    boolean here = at.get(0) == b && at.get(1) == kvHead && at.get(2) == key;
    return here ? Arrays.binarySearch(keys, key) : -1;
  }

  /** Place of a sampled query's row in the results of queries; -1 if it is not asked for here. */
  int queryPlace(List<Integer> at, int ofKvHead) {
    boolean here = key == NO_KEY && at.get(0) == b && ofKvHead == kvHead && at.get(2) == rows[0];
    return here ? Arrays.binarySearch(heads, at.get(1)) : -1;
  }

  /** The tensors of the small problem. */
  SequencedMap<String, Tensor> inputs(RecipeCase recipe, Sight sight) {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", queries(recipe.draw("q"), recipe));
    inputs.put("k", keys(recipe.draw("k"), sight));
    inputs.put("v", keys(recipe.draw("v"), sight));
    Shape pairs = Shape.of(1, 1, rows.length, keys.length);
    inputs.put("mask", Tensor.generate(pairs, p -> seen[p / keys.length][p % keys.length] ? 1 : 0));
    Drawn bias = recipe.drawn().get("bias");
    if (bias != null) {
      inputs.put("bias", pairs(bias));
    }
    for (String name : List.of("d_out", "d_lse")) {
      Drawn cotangent = recipe.drawn().get(name);
      if (cotangent != null) {
        inputs.put(name, queries(cotangent, recipe));
      }
    }
    return inputs;
  }

  /** Rows of a tensor [B, H, n, d] or [B, H, n]. */
  private Tensor queries(Drawn from, RecipeCase recipe) {
    List<Integer> extents = recipe.draw("q").shape();
    boolean wide = from.shape().size() > CHANNELS;
    int width = wide ? from.shape().get(CHANNELS) : 1;
    int all = heads.length * rows.length;
    Shape shape =
        wide
            ? Shape.of(1, heads.length, rows.length, width)
            : Shape.of(1, heads.length, rows.length);
    return copied(
        from,
        shape,
        width,
        all,
        r ->
            ((long) b * extents.get(1) + heads[r / rows.length]) * extents.get(2)
                + rows[r % rows.length]);
  }

  private Tensor keys(Drawn from, Sight sight) {
    int width = from.shape().get(CHANNELS);
    int kvHeads = from.shape().get(1);
    boolean[] used = new boolean[keys.length];
    for (boolean[] row : seen) {
      for (int t = 0; t < used.length; t++) {
        used[t] |= row[t];
      }
    }
    return copied(
        from,
        Shape.of(1, 1, keys.length, width),
        width,
        keys.length,
        t -> used[t] ? sight.keyRow(b, kvHead, kvHeads, keys[t]) : -1);
  }

  /** Rows of a drawn tensor by their number there; -1 for one of zeros. */
  private static Tensor copied(
      Drawn from, Shape shape, int width, int rows, IntToLongFunction number) {
    double[] values = new double[shape.size()];
    for (int r = 0; r < rows; r++) {
      long row = number.applyAsLong(r);
      if (row >= 0) {
        for (int c = 0; c < width; c++) {
          values[r * width + c] = from.at(row * width + c);
        }
      }
    }
    return Tensor.adopt(shape, values);
  }

  /** The bias of each pair; extents of 1 stand for all. */
  private Tensor pairs(Drawn bias) {
    List<Integer> extents = bias.shape();
    return Tensor.generate(
        Shape.of(1, heads.length, rows.length, keys.length),
        p -> {
          int t = p % keys.length;
          int r = p / keys.length % rows.length;
          int[] at = {b, heads[p / keys.length / rows.length], rows[r], keys[t]};
          long position = 0;
          for (int axis = 0; axis < at.length; axis++) {
            int extent = extents.get(axis);
            position = position * extent + (extent == 1 ? 0 : at[axis]);
          }
          return seen[r][t] ? bias.at(position) : 0;
        });
  }
}
