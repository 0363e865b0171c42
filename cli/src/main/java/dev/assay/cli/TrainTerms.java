package dev.assay.cli;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Taught;
import dev.assay.train.Auxiliary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Terms of the attention layers that the trained mechanism, and it alone, adds to its loss. */
final class TrainTerms {
  private static final String LESSON = "lesson";
  private static final String BUDGET = "budget:";

  @Option(
      names = "--term",
      paramLabel = "NAME=WEIGHT",
      description =
          "Adds a term of the mechanism's layers to its loss, may be given again: 'lesson', what its"
              + " paper teaches it beside its output (1 where it has one); 'sparsity', the mean of its"
              + " gates; 'budget:S', the squared distance of that mean from S; 'entropy' of its"
              + " weights, which needs --engine define.")
  private Map<String, Double> given = new LinkedHashMap<>();

  /** The weights by name, that of the lesson included. */
  private Map<String, Double> weights(Mechanism mechanism) {
    Map<String, Double> weights = new LinkedHashMap<>();
    if (mechanism instanceof Taught) {
      weights.put(LESSON, 1.0);
    }
    weights.putAll(given);
    weights.values().removeIf(weight -> weight == 0);
    return weights;
  }

  /** The terms. */
  List<Auxiliary> of(Mechanism mechanism) {
    List<Auxiliary> terms = new ArrayList<>();
    weights(mechanism)
        .forEach(
            (name, weight) -> {
              Usage.require(
                  Double.isFinite(weight), "--term %s=%s: the weight must be finite", name, weight);
              terms.add(term(name, mechanism).weighted(weight));
            });
    return terms;
  }

  private static Auxiliary term(String name, Mechanism mechanism) {
    if (name.startsWith(BUDGET)) {
      double share = share(name);
      Usage.require(0 <= share && share <= 1, "--term %s: the share must lie in [0, 1]", name);
      return Auxiliary.budget(share);
    }
    Usage.require(
        !name.equals(LESSON) || mechanism instanceof Taught,
        "--term lesson: %s is taught by its output alone; leave the term out",
        mechanism.id());
    return switch (name) {
      case LESSON -> Auxiliary.lesson();
      case "sparsity" -> Auxiliary.sparsity();
      case "entropy" -> Auxiliary.entropy();
      default ->
          throw new Usage.BadValue(
              "--term %s: there are lesson, sparsity, budget:SHARE and entropy".formatted(name));
    };
  }

  private static double share(String name) {
    try {
      return Double.parseDouble(name.substring(BUDGET.length()));
    } catch (NumberFormatException wrong) {
      return Double.NaN;
    }
  }

  /** For the record: {@code 1.0 lesson + 0.05 sparsity}; empty without terms. */
  String sentence(Mechanism mechanism) {
    List<String> parts = new ArrayList<>();
    weights(mechanism).forEach((name, weight) -> parts.add(weight + " " + name));
    return String.join(" + ", parts);
  }
}
