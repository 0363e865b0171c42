package dev.assay.cli;

import dev.assay.engine.AttentionRows.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One row of one softmax in words: the heaviest keys, and the weight of each kind of rule.
 *
 * @param name of the softmax; empty if there is one alone
 * @param keys how many keys the row has
 * @param heaviest the first of them by falling weight; equal weights by rising index
 * @param byKind weight of each kind of rule, heaviest first
 * @param text what the keys stand for, if that is known
 */
record Explanation(
    String name,
    int keys,
    List<Key> heaviest,
    Map<String, Double> byKind,
    @Nullable TokenText text) {
  /**
   * A key.
   *
   * @param index j
   * @param weight its weight
   * @param cumulative its weight and that of all heavier ones
   * @param rule why it is attended to
   */
  record Key(int index, double weight, double cumulative, String rule) {}

  static Explanation of(
      String name, Row row, IntFunction<String> rules, int top, @Nullable TokenText text) {
    List<Integer> order =
        IntStream.range(0, row.keys().length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer e) -> -Math.abs(row.weights()[e])))
            .toList();
    List<Key> heaviest = new ArrayList<>();
    Map<String, Double> kinds = new LinkedHashMap<>();
    double cumulative = 0;
    for (int e : order) {
      String rule = rules.apply(row.keys()[e]);
      cumulative += row.weights()[e];
      if (heaviest.size() < top) {
        heaviest.add(new Key(row.keys()[e], row.weights()[e], cumulative, rule));
      }
      kinds.merge(rule.split(":", 2)[0], row.weights()[e], Double::sum);
    }
    Map<String, Double> byKind = new LinkedHashMap<>();
    kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(kind -> byKind.put(kind.getKey(), kind.getValue()));
    return new Explanation(name, order.size(), heaviest, byKind, text);
  }

  void print(PrintWriter print) {
    if (keys == 0) {
      print.println("attends to no key: its output is 0 and its log-sum-exp -inf");
      return;
    }
    int width = heaviest.stream().mapToInt(key -> key.rule().length()).max().orElse(4);
    print.println(row("key", "weight", "sum", "rule", width, text == null ? "" : "token"));
    for (Key key : heaviest) {
      print.println(
          row(
              String.valueOf(key.index()),
              String.format(
                  Locale.ROOT, Math.abs(key.weight()) < 1e-4 ? "%.3e" : "%.6f", key.weight()),
              percent(key.cumulative()),
              key.rule(),
              width,
              text == null ? "" : text.around(key.index())));
    }
    if (keys > heaviest.size()) {
      print.printf(
          "%8s  %d more keys with %s%n",
          "...", keys - heaviest.size(), percent(1 - heaviest.getLast().cumulative()));
    }
    List<String> shares = new ArrayList<>();
    byKind.forEach((kind, weight) -> shares.add(kind + " " + percent(weight)));
    print.println("by rule: " + String.join(", ", shares));
  }

  private static String row(
      String key, String weight, String sum, String rule, int width, String token) {
    String padding = " ".repeat(Math.max(0, Math.max(width, 4) - rule.length()));
    return String.format("%8s  %10s  %7s  %s%s  %s", key, weight, sum, rule, padding, token)
        .stripTrailing();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * Math.max(share, 0));
  }

  Map<String, Object> json() {
    List<Map<String, Object>> named = new ArrayList<>();
    for (Key key : heaviest) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", key.index());
      entry.put("weight", key.weight());
      entry.put("cumulative", key.cumulative());
      entry.put("rule", key.rule());
      if (text != null) {
        entry.put("token", text.token(key.index()));
      }
      named.add(entry);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("keys", keys);
    all.put("heaviest", named);
    all.put("byRule", byKind);
    return all;
  }
}
