package dev.assay.gradcheck.recipe;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.Drawn;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A recipe with all its tensors, as far as they fit, and the sampled rows of whole results. */
public final class WholeRecipe {
  /** What an engine runs on and gives is held in binary64 around it. */
  private static final int BYTES = Double.BYTES;

  private WholeRecipe() {}

  /** The bytes that all inputs and results take in memory. */
  public static long bytes(RecipeCase recipe) {
    long elements = recipe.drawn().values().stream().mapToLong(Drawn::elements).sum();
    for (String result : recipe.golden().expect().sequencedKeySet()) {
      elements += elements(recipe.whole(result));
    }
    return BYTES * elements;
  }

  /** Whether each tensor has few enough elements for an array. */
  public static boolean fitsArrays(RecipeCase recipe) {
    return recipe.reach() <= Integer.MAX_VALUE
        && recipe.golden().expect().sequencedKeySet().stream()
            .allMatch(result -> elements(recipe.whole(result)) <= Integer.MAX_VALUE);
  }

  private static long elements(List<Integer> extents) {
    return extents.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** All inputs, drawn and given; only of a recipe that {@link #fitsArrays}. */
  public static SequencedMap<String, Tensor> inputs(RecipeCase recipe) {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    recipe.drawn().forEach((name, drawn) -> inputs.put(name, drawn.whole()));
    inputs.putAll(recipe.golden().inputs());
    return inputs;
  }

  /** The sampled rows of whole results; what has other extents is left as it is. */
  public static SequencedMap<String, Tensor> sampled(
      RecipeCase recipe, Map<String, Tensor> results) {
    SequencedMap<String, Tensor> sampled = new LinkedHashMap<>(results);
    sampled.replaceAll(
        (name, all) ->
            isWhole(recipe, name, all.shape())
                ? rows(recipe, name, (first, count) -> part(all, first, count))
                : all);
    return sampled;
  }

  private static Tensor part(Tensor all, int first, int count) {
    return Tensor.generate(Shape.of(count), p -> all.get(first + p));
  }

  /**
   * Results as they were handed in, each reduced to the sampled rows if it is whole: only these
   * rows are read.
   *
   * @throws IOException with one sentence, if a row cannot be read
   */
  public static TensorFile sampled(RecipeCase recipe, TensorFile file) throws IOException {
    TensorFile sampled = file;
    for (String name : recipe.golden().expect().sequencedKeySet()) {
      if (file.has(name) && isWhole(recipe, name, file.shape(name))) {
        Tensor rows = rows(recipe, name, (first, count) -> file.piece(name, first, count));
        sampled = sampled.with(name, rows);
      }
    }
    return sampled;
  }

  private static boolean isWhole(RecipeCase recipe, String result, Shape shape) {
    return recipe.golden().expect().containsKey(result)
        && recipe.whole(result).equals(Arrays.stream(shape.toArray()).boxed().toList());
  }

  /** Gives a part of a whole result. */
  private interface Part<E extends Exception> {
    Tensor of(int first, int count) throws E;
  }

  private static <E extends Exception> Tensor rows(RecipeCase recipe, String result, Part<E> part)
      throws E {
    List<Integer> whole = recipe.whole(result);
    Shape shape =
        Shape.of(recipe.samples().shape(result, whole).stream().mapToInt(x -> x).toArray());
    int width = shape.size() / shape.extent(0);
    double[] values = new double[shape.size()];
    int next = 0;
    for (List<Integer> at : recipe.samples().of(result)) {
      int row = (at.get(0) * whole.get(1) + at.get(1)) * whole.get(2) + at.get(2);
      Tensor read = part.of(row * width, width);
      for (int c = 0; c < width; c++) {
        values[next++] = read.get(c);
      }
    }
    return Tensor.adopt(shape, values);
  }
}
