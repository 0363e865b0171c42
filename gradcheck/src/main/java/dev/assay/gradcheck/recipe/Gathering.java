package dev.assay.gradcheck.recipe;

import dev.assay.gradcheck.bound.MetKeys;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.suite.Samples;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A recipe as small problems. A sampled query, in all sampled heads of a group, brings the keys
 * that it sees. A sampled key brings all queries that see it, each with all its keys, in all heads
 * of the group: its gradient is a sum over them.
 */
public final class Gathering {
  private final RecipeCase recipe;
  private final Sight sight;
  private final Mechanism mechanism;
  private final List<Strand> strands;

  /** What is computed on one small problem: tensors of its results by name. */
  public interface Computation extends Function<SmallProblem, Map<String, Tensor>> {}

  /**
   * A small problem.
   *
   * @param mechanism a dense one, with the recipe's scale and softcap
   * @param inputs its tensors
   */
  public record SmallProblem(Mechanism mechanism, SequencedMap<String, Tensor> inputs) {}

  private Gathering(RecipeCase recipe, Sight sight, List<Strand> strands) {
    this.recipe = recipe;
    this.sight = sight;
    this.mechanism = dense(recipe.golden().mechanism());
    this.strands = strands;
  }

  /** Gathers what a recipe samples. */
  public static Gathering of(RecipeCase recipe) {
    Sight sight = Sight.of(recipe);
    int group = group(recipe);
    SequencedMap<List<Integer>, SortedSet<Integer>> queries = new LinkedHashMap<>();
    for (List<Integer> query : recipe.samples().queries()) {
      List<Integer> at = List.of(query.get(0), query.get(1) / group, query.get(2));
      queries.computeIfAbsent(at, _ -> new TreeSet<>()).add(query.get(1));
    }
    List<Strand> strands = new ArrayList<>();
    queries.forEach(
        (at, heads) -> {
          int[] own = heads.stream().mapToInt(Integer::intValue).toArray();
          int[] row = {at.get(2)};
          strands.add(strand(sight, at, Strand.NO_KEY, own, row));
        });
    for (List<Integer> key : recipe.samples().keys()) {
      int[] all = IntStream.range(key.get(1) * group, (key.get(1) + 1) * group).toArray();
      int[] seeing = sight.queries(key.get(0), key.get(2));
      strands.add(strand(sight, key, key.get(2), all, seeing));
    }
    return new Gathering(recipe, sight, strands);
  }

  private static int group(RecipeCase recipe) {
    return recipe.draw("q").shape().get(1) / recipe.draw("k").shape().get(1);
  }

  private static Strand strand(Sight sight, List<Integer> at, int key, int[] heads, int[] queries) {
    int[][] seen = new int[queries.length][];
    SortedSet<Integer> keys = new TreeSet<>();
    for (int r = 0; r < queries.length; r++) {
      seen[r] = sight.keys(at.get(0), queries[r]);
      for (int j : seen[r]) {
        int tile = j / MetKeys.TILE * MetKeys.TILE;
        if (!keys.contains(tile)) {
          int end = Math.min(tile + MetKeys.TILE, sight.keys());
          for (int t = tile; t < end; t++) {
            keys.add(t);
          }
        }
      }
    }
    int[] all = keys.stream().mapToInt(Integer::intValue).toArray();
    boolean[][] mask = new boolean[queries.length][all.length];
    for (int r = 0; r < queries.length; r++) {
      for (int j : seen[r]) {
        mask[r][Arrays.binarySearch(all, j)] = true;
      }
    }
    return new Strand(at.get(0), at.get(1), key, heads, queries, all, mask);
  }

  private static Mechanism dense(Mechanism whole) {
    Map<String, String> same = new LinkedHashMap<>(Settings.of(whole));
    same.keySet().retainAll(List.of("scale", "softcap"));
    return Settings.make(Dense.class, same);
  }

  /** The recipe. */
  public RecipeCase recipe() {
    return recipe;
  }

  /** The small problems. */
  List<Strand> strands() {
    return strands;
  }

  /** One of the small problems, with its tensors. */
  SmallProblem problem(Strand strand) {
    return new SmallProblem(mechanism, strand.inputs(recipe, sight));
  }

  /** Where the sampled rows of a result lie in that of the small problem, seen as rows; or -1. */
  int[] places(Strand strand, String result) {
    int group = group(recipe);
    boolean ofKeys = Samples.isOfKeys(result);
    return recipe.samples().of(result).stream()
        .mapToInt(at -> ofKeys ? strand.keyPlace(at) : strand.queryPlace(at, at.get(1) / group))
        .toArray();
  }

  /**
   * The sampled rows of the expected results, from a computation on each small problem.
   *
   * @return by name [samples, channels], or [samples] of the LSE; a row that no small problem has
   *     is 0
   */
  public SequencedMap<String, Tensor> sampled(Computation computation) {
    SequencedMap<String, double[]> values = new LinkedHashMap<>();
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    for (String result : recipe.golden().expect().sequencedKeySet()) {
      Shape shape = Objects.requireNonNull(recipe.golden().expect().get(result)).shape();
      shapes.put(result, shape);
      values.put(result, new double[shape.size()]);
    }
    for (Strand strand : strands) {
      Map<String, Tensor> found = computation.apply(problem(strand));
      values.forEach((result, all) -> copy(found.get(result), places(strand, result), all));
    }
    SequencedMap<String, Tensor> sampled = new LinkedHashMap<>();
    values.forEach(
        (result, all) ->
            sampled.put(result, Tensor.adopt(Objects.requireNonNull(shapes.get(result)), all)));
    return sampled;
  }

  private static void copy(@Nullable Tensor small, int[] places, double[] all) {
    int width = all.length / places.length;
    for (int s = 0; s < places.length; s++) {
      for (int c = 0; places[s] >= 0 && c < width; c++) {
        all[s * width + c] = Objects.requireNonNull(small).get(places[s] * width + c);
      }
    }
  }
}
