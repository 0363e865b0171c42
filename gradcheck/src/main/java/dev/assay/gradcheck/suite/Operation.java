package dev.assay.gradcheck.suite;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
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
    SequencedMap<String, Object> op = kind(mechanism);
    extents(inputs, op);
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
      op.put("offset", offsets(inputs));
    }
    op.put("emptyRow", "zero");
    op.put("lse", "natural");
    op.put("tie", "lowest_index");
    return op;
  }

  private static void extents(Map<String, Tensor> inputs, Map<String, Object> op) {
    Tensor q = tensor(inputs, "q");
    Tensor k = keyTensor(inputs);
    op.put("B", q.shape().extent(0));
    op.put("Hq", q.shape().extent(1));
    op.put("Hkv", k.shape().extent(1));
    op.put("Sq", q.shape().extent(2));
    op.put("Skv", keys(inputs));
    op.put("D", q.shape().extent(3));
    op.put("Dv", tensor(inputs, "v").shape().extent(3));
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
  private static int keys(Map<String, Tensor> inputs) {
    int rows = keyTensor(inputs).shape().extent(2);
    Tensor pages = inputs.get("page_table");
    Tensor past = inputs.get("past_k");
    return pages != null
        ? pages.shape().extent(1) * rows
        : rows + (past == null ? 0 : past.shape().extent(2));
  }

  /** Position of query 0 among the keys, for each batch entry or packed sequence. */
  private static List<Integer> offsets(Map<String, Tensor> inputs) {
    Tensor given = inputs.get("offset");
    Tensor cuQueries = inputs.get("cu_seqlens_q");
    Tensor cuKeys = inputs.get("cu_seqlens_k");
    List<Integer> offsets = new ArrayList<>();
    int sequences =
        cuQueries != null ? cuQueries.size() - 1 : tensor(inputs, "q").shape().extent(0);
    for (int s = 0; s < sequences; s++) {
      int keys = length(inputs.get("k_lens"), cuKeys, s, keys(inputs));
      int queries =
          length(inputs.get("q_lens"), cuQueries, s, tensor(inputs, "q").shape().extent(2));
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
  private static Tensor keyTensor(Map<String, Tensor> inputs) {
    return tensor(inputs, inputs.containsKey("k") ? "k" : "q");
  }

  private static Tensor tensor(Map<String, Tensor> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  private static String hex(String decimal) {
    return Double.toHexString(Double.parseDouble(decimal));
  }
}
