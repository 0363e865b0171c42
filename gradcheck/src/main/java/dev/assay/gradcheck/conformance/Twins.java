package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cases that differ only in values which nobody may read, such as NaN in a masked key: the results
 * for the two must have the same bits. Signs of zeros and payloads of NaN do not matter, and
 * results that were declared nondeterministic may differ: they are held against their bounds only.
 */
final class Twins {
  private final Map<String, Map<String, Given>> results = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> loose = new ConcurrentHashMap<>();

  /**
   * Keeps the results of a case that has a twin, or is one.
   *
   * @param loose names of results that need not be the same each time
   */
  void keep(GoldenCase golden, Map<String, Given> tensors, Set<String> loose) {
    this.loose.put(golden.name(), loose);
    Map<String, Given> fixed = new LinkedHashMap<>(tensors);
    fixed.keySet().removeAll(loose);
    keep(golden.name(), fixed);
  }

  /** By case, the names of results that need not be the same each time. */
  Map<String, Set<String>> loose() {
    return loose;
  }

  /** Keeps the results of the case of that name. */
  void keep(String name, Map<String, Given> tensors) {
    results.put(name, tensors);
  }

  /** How many of the cases were compared with their twin. */
  long compared(List<GoldenCase> cases) {
    return cases.stream()
        .filter(golden -> results.containsKey(golden.name()))
        .filter(golden -> golden.twin() != null && results.containsKey(golden.twin()))
        .count();
  }

  /** How the results of a case differ from its twin's, in a sentence; empty if they do not. */
  Optional<String> difference(GoldenCase golden) {
    String twin = golden.twin();
    Map<String, Given> own = results.get(golden.name());
    Map<String, Given> other = twin == null ? null : results.get(twin);
    if (own == null || other == null) {
      return Optional.empty();
    }
    for (String name : golden.expect().keySet()) {
      Given mine = own.get(name);
      Given theirs = other.get(name);
      if (mine != null && theirs != null && !same(mine.value(), theirs.value())) {
        return Optional.of(
            "%s differs in its bits from that of %s, though the two differ only in values that nobody may read"
                .formatted(name, twin));
      }
    }
    return Optional.empty();
  }

  private static boolean same(Tensor mine, Tensor theirs) {
    boolean same = mine.shape().equals(theirs.shape());
    for (int p = 0; same && p < mine.size(); p++) {
      double x = mine.get(p);
      double y = theirs.get(p);
      same = x == y || (Double.isNaN(x) && Double.isNaN(y));
    }
    return same;
  }
}
