package dev.assay.gradcheck.recipe;

import dev.assay.gradcheck.suite.Drawn;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A plain kernel in binary64 for the forward pass of recipes, whose inputs are too large to hold:
 * it draws each element where it reads it, at the address that its arithmetic of offsets gives. An
 * address outside the tensor is taken modulo its size: a real kernel would read a neighbour's
 * memory there, or crash.
 */
final class WrappedKernel {
  private static final int TOKENS = 2;
  private static final int CHANNELS = 3;

  /** What becomes of the offset of an element on its way to the address. */
  interface Offsets {
    /**
     * The offset that is used.
     *
     * @param elements the true one
     * @param bytes of an element
     */
    long of(long elements, int bytes);
  }

  private final RecipeCase recipe;
  private final Offsets offsets;
  private final Sight sight;

  WrappedKernel(RecipeCase recipe, Offsets offsets) {
    this.recipe = recipe;
    this.offsets = offsets;
    this.sight = Sight.of(recipe);
  }

  /** {@code out} and {@code lse} of the sampled queries. */
  Map<String, Tensor> results() {
    Tensor out = Objects.requireNonNull(recipe.golden().expect().get("out"));
    Tensor lse = Objects.requireNonNull(recipe.golden().expect().get("lse"));
    int width = out.shape().extent(1);
    double[] outs = new double[out.size()];
    double[] lses = new double[lse.size()];
    for (int s = 0; s < lses.length; s++) {
      row(recipe.samples().queries().get(s), outs, s * width, lses, s);
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("out", Tensor.adopt(out.shape(), outs));
    results.put("lse", Tensor.adopt(lse.shape(), lses));
    return results;
  }

  private void row(List<Integer> at, double[] outs, int from, double[] lses, int s) {
    List<Integer> q = recipe.draw("q").shape();
    List<Integer> v = recipe.draw("v").shape();
    int kvHeads = v.get(1);
    int kvHead = at.get(1) / (q.get(1) / kvHeads);
    long query = ((long) at.get(0) * q.get(1) + at.get(1)) * q.get(TOKENS) + at.get(2);
    int[] keys = sight.keys(at.get(0), at.get(2));
    double[] scores = new double[keys.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < keys.length; t++) {
      long key = sight.keyRow(at.get(0), kvHead, kvHeads, keys[t]);
      for (int c = 0; c < q.get(CHANNELS); c++) {
        scores[t] += read("q", query * q.get(CHANNELS) + c) * read("k", key * q.get(CHANNELS) + c);
      }
      scores[t] = scores[t] / Math.sqrt(q.get(CHANNELS)) + bias(at, keys[t]);
      max = Math.max(max, scores[t]);
    }
    double sum = 0;
    for (int t = 0; t < keys.length; t++) {
      scores[t] = StrictMath.exp(scores[t] - max);
      sum += scores[t];
    }
    for (int t = 0; t < keys.length; t++) {
      long key = sight.keyRow(at.get(0), kvHead, kvHeads, keys[t]);
      for (int c = 0; c < v.get(CHANNELS); c++) {
        outs[from + c] += scores[t] / sum * read("v", key * v.get(CHANNELS) + c);
      }
    }
    lses[s] = max + StrictMath.log(sum);
  }

  private double bias(List<Integer> at, int key) {
    Drawn bias = recipe.drawn().get("bias");
    return bias == null ? 0 : read("bias", (long) at.get(2) * bias.shape().get(CHANNELS) + key);
  }

  private double read(String name, long element) {
    Drawn drawn = recipe.draw(name);
    long used = offsets.of(element, drawn.dtype().bytes());
    return drawn.at(Math.floorMod(used, drawn.elements()));
  }
}
