package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.ProofDocument.Count;
import dev.assay.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How much of a suite is proven.
 *
 * @param cases how many cases have answers
 * @param results of {@code out} and {@code lse}
 * @param gradients of all gradients
 * @param narrow of the values of cases whose results may be handed in as a narrower type, rounded
 *     once more to it: how many there are, and how many are proven to be the true value's rounding
 */
public record ProofCounts(
    int cases, Count results, Count gradients, SortedMap<DType, Narrow> narrow) {
  /**
   * Values rounded once more.
   *
   * @param values all
   * @param proven those that the true value rounds to, too
   */
  public record Narrow(int values, int proven) {
    private Narrow and(Narrow other) {
      return new Narrow(values + other.values, proven + other.proven);
    }
  }

  private static final Set<String> RESULTS = Set.of("out", "lse");

  static ProofCounts of(List<Proven> cases) {
    int answered = (int) cases.stream().filter(one -> !one.certificates().isEmpty()).count();
    return new ProofCounts(
        answered,
        count(cases, RESULTS::contains),
        count(cases, name -> !RESULTS.contains(name)),
        narrow(cases));
  }

  private static SortedMap<DType, Narrow> narrow(List<Proven> cases) {
    SortedMap<DType, Narrow> narrow = new TreeMap<>();
    for (Proven one : cases) {
      one.certificates()
          .forEach(
              (name, certificate) ->
                  one.golden().classes().stream()
                      .map(id -> PrecisionClass.find(id).resultType(name))
                      .filter(certificate.narrowed()::containsKey)
                      .distinct()
                      .forEach(type -> narrow.merge(type, of(certificate, type), Narrow::and)));
    }
    return narrow;
  }

  private static Narrow of(Certificate certificate, DType type) {
    int proven = Objects.requireNonNull(certificate.narrowed().get(type));
    return new Narrow(certificate.values(), proven);
  }

  private static Count count(List<Proven> cases, Predicate<String> named) {
    List<Certificate> all =
        cases.stream()
            .flatMap(one -> one.certificates().entrySet().stream())
            .filter(entry -> named.test(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return new Count(
        all.stream().mapToInt(Certificate::values).sum(),
        all.stream().mapToInt(Certificate::proven).sum(),
        all.stream().mapToInt(Certificate::exact).sum(),
        all.stream().mapToInt(one -> one.flagged().size()).sum());
  }
}
