package dev.assay.gradcheck.suite;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a case computes, in plain terms for somebody who never saw a {@link Mechanism}: extents, the
 * scale as a number, where each query stands, and whatever else the mechanism is set to. The keys
 * are described in the suite's SPEC.md.
 */
public final class Operation {
  private Operation() {}

  /** The settings as they would be typed, real numbers as hexadecimal floats. */
  public static SequencedMap<String, String> settings(Mechanism mechanism) {
    SequencedMap<String, String> typed = new LinkedHashMap<>();
    Map<String, String> values = Settings.of(mechanism);
    for (Settings.Description setting : Settings.describe(mechanism.getClass())) {
      String value = Objects.requireNonNull(values.get(setting.key()));
      typed.put(setting.key(), setting.type().equals("double") ? hex(value) : value);
    }
    return typed;
  }

  /**
   * The operation of a case; of one that must be refused only its kind, for its extents are wrong.
   */
  public static SequencedMap<String, Object> of(GoldenCase golden) {
    return golden.result() == Expectation.REFUSE
        ? kind(golden.mechanism())
        : of(golden.mechanism(), golden.inputs());
  }

  private static SequencedMap<String, Object> kind(Mechanism mechanism) {
    SequencedMap<String, Object> op = new LinkedHashMap<>();
    op.put("kind", mechanism.id());
    return op;
  }

  /** The operation on given tensors that fit the mechanism. */
  public static SequencedMap<String, Object> of(Mechanism mechanism, Map<String, Tensor> inputs) {
    Map<String, List<Integer>> extents = new HashMap<>();
    inputs.forEach((name, tensor) -> extents.put(name, extents(tensor)));
    return of(mechanism, extents, inputs);
  }

  /** The operation of a recipe, whose tensors may not fit into memory. */
  public static SequencedMap<String, Object> of(RecipeCase recipe) {
    Map<String, List<Integer>> extents = new HashMap<>();
    recipe.golden().inputs().forEach((name, tensor) -> extents.put(name, extents(tensor)));
    recipe.drawn().forEach((name, drawn) -> extents.put(name, drawn.shape()));
    return of(recipe.golden().mechanism(), extents, recipe.golden().inputs());
  }

  private static List<Integer> extents(Tensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }

  /** From the extents of all inputs, and the values of those that are choices. */
  private static SequencedMap<String, Object> of(
      Mechanism mechanism, Map<String, List<Integer>> extents, Map<String, Tensor> choices) {
    SequencedMap<String, Object> op = kind(mechanism);
    put(extents, op);
    Map<String, String> values = Settings.of(mechanism);
    for (Settings.Description setting : Settings.describe(mechanism.getClass())) {
      put(setting, Objects.requireNonNull(values.get(setting.key())), op);
    }
    // Other mechanisms have windows of their own making; their pages say which.
    if (mechanism instanceof SlidingWindow && op.get("window") instanceof Integer keys) {
      int right = Objects.equals(op.get("causal"), true) ? 0 : keys - 1;
      op.put("window", window(keys - 1, right));
    }
    if (mechanism.tensors().stream().anyMatch(t -> t.name().equals("offset"))) {
      op.put("offset", offsets(extents, choices));
    }
    op.put("emptyRow", "zero");
    op.put("lse", "natural");
    op.put("tie", "lowest_index");
    return op;
  }

  private static void put(Map<String, List<Integer>> extents, Map<String, Object> op) {
    List<Integer> q = of(extents, "q");
    op.put("B", q.get(0));
    op.put("Hq", q.get(1));
    op.put("Hkv", ofKeys(extents).get(1));
    op.put("Sq", q.get(2));
    op.put("Skv", keys(extents));
    op.put("D", q.get(3));
    op.put("Dv", of(extents, "v").get(3));
  }

  private static void put(Settings.Description setting, String value, Map<String, Object> op) {
    String key = setting.key();
    switch (setting.type()) {
      case "int" -> op.put(key, Integer.valueOf(value));
      case "boolean" -> op.put(key, Boolean.valueOf(value));
      case "double" -> {
        boolean usual = key.equals("scale") && Double.parseDouble(value) == 0;
        op.put(key, usual ? Double.toHexString(usualScale(op)) : hex(value));
      }
      default -> op.put(key, value);
    }
  }

  /** 1/sqrt(d), and over all heads together in the code that figure 3 of the head gate shows. */
  private static double usualScale(Map<String, Object> op) {
    int channels = (int) Objects.requireNonNull(op.get("D"));
    int heads = (int) Objects.requireNonNull(op.get("Hq"));
    return 1 / Math.sqrt("FIGURE_3".equals(op.get("reading")) ? heads * channels : channels);
  }

  private static SequencedMap<String, Integer> window(int left, int right) {
    SequencedMap<String, Integer> window = new LinkedHashMap<>();
    window.put("left", left);
    window.put("right", right);
    return window;
  }

  /** Keys of a batch entry: those of the past and of pages included. */
  private static int keys(Map<String, List<Integer>> extents) {
    int rows = ofKeys(extents).get(2);
    List<Integer> pages = extents.get("page_table");
    List<Integer> past = extents.get("past_k");
    return pages != null ? pages.get(1) * rows : rows + (past == null ? 0 : past.get(2));
  }

  /** Position of query 0 among the keys, for each batch entry or packed sequence. */
  private static List<Integer> offsets(
      Map<String, List<Integer>> extents, Map<String, Tensor> choices) {
    Tensor given = choices.get("offset");
    Tensor cuQueries = choices.get("cu_seqlens_q");
    Tensor cuKeys = choices.get("cu_seqlens_k");
    List<Integer> q = of(extents, "q");
    List<Integer> offsets = new ArrayList<>();
    int sequences = cuQueries != null ? cuQueries.size() - 1 : q.get(0);
    for (int s = 0; s < sequences; s++) {
      int keys = length(choices.get("k_lens"), cuKeys, s, keys(extents));
      int queries = length(choices.get("q_lens"), cuQueries, s, q.get(2));
      offsets.add(given != null ? (int) given.get(s) : keys - queries);
    }
    return offsets;
  }

  private static int length(
      @Nullable Tensor lengths, @Nullable Tensor cumulative, int s, int otherwise) {
    if (cumulative != null) {
      return (int) (cumulative.get(s + 1) - cumulative.get(s));
    }
    return lengths == null ? otherwise : (int) lengths.get(s);
  }

  /** Where queries are keys too, there is no tensor k. */
  private static List<Integer> ofKeys(Map<String, List<Integer>> extents) {
    return of(extents, extents.containsKey("k") ? "k" : "q");
  }

  private static List<Integer> of(Map<String, List<Integer>> extents, String name) {
    return Objects.requireNonNull(extents.get(name), name);
  }

  private static String hex(String decimal) {
    return Double.toHexString(Double.parseDouble(decimal));
  }
}
