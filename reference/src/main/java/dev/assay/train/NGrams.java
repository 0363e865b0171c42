package dev.assay.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs of so many tokens in a row, and how often each occurs. */
final class NGrams {
  private NGrams() {}

  static Map<List<String>, Integer> count(List<String> tokens, int order) {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (int from = 0; from + order <= tokens.size(); from++) {
      counts.merge(List.copyOf(tokens.subList(from, from + order)), 1, Integer::sum);
    }
    return counts;
  }

  /** {@code sum over runs of min(count here, count there)}. */
  static long common(Map<List<String>, Integer> a, Map<List<String>, Integer> b) {
    long common = 0;
    for (Map.Entry<List<String>, Integer> run : a.entrySet()) {
      common += Math.min(run.getValue(), b.getOrDefault(run.getKey(), 0));
    }
    return common;
  }
}
