package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.suite.ProofDocument.Count;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How much of a suite is proven.
 *
 * @param cases how many cases have answers
 * @param results of {@code out} and {@code lse}
 * @param gradients of all gradients
 */
public record ProofCounts(int cases, Count results, Count gradients) {
  private static final Set<String> RESULTS = Set.of("out", "lse");

  static ProofCounts of(List<Proven> cases) {
    int answered = (int) cases.stream().filter(one -> !one.certificates().isEmpty()).count();
    return new ProofCounts(
        answered, count(cases, RESULTS::contains), count(cases, name -> !RESULTS.contains(name)));
  }

  private static Count count(List<Proven> cases, Predicate<String> named) {
    List<Certificate> all =
        cases.stream()
            .flatMap(one -> one.certificates().entrySet().stream())
            .filter(entry -> named.test(entry.getKey()))
            .map(java.util.Map.Entry::getValue)
            .toList();
    return new Count(
        all.stream().mapToInt(Certificate::values).sum(),
        all.stream().mapToInt(Certificate::proven).sum(),
        all.stream().mapToInt(Certificate::exact).sum(),
        all.stream().mapToInt(one -> one.flagged().size()).sum());
  }
}
