package dev.assay.gradcheck.certified;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** The errors of the reference over many cases, by mechanism. */
public final class ReferenceErrors {
  private static final String SPECIAL = "special";

  private ReferenceErrors() {}

  /**
   * The worst errors of each mechanism in the order of the catalogue; cases of the family {@code
   * special} apart, since they were made to be hard.
   *
   * @param progress is told the name of each case, one at a time
   */
  public static SequencedMap<String, ReferenceError> of(
      List<GoldenCase> cases, Consumer<String> progress) {
    Map<String, ReferenceError> found = new HashMap<>();
    cases.parallelStream()
        .filter(one -> one.result() != Expectation.REFUSE)
        .forEach(
            one -> {
              ReferenceError error =
                  ReferenceError.of(Evaluation.define(one.mechanism(), one.inputs()));
              synchronized (found) {
                found.merge(line(one), error, ReferenceError::and);
                progress.accept(one.name());
              }
            });
    SequencedMap<String, ReferenceError> ordered = new LinkedHashMap<>();
    for (String id : MechanismCatalog.ids()) {
      for (String line : List.of(id, special(id))) {
        ReferenceError error = found.get(line);
        if (error != null) {
          ordered.put(line, error);
        }
      }
    }
    return ordered;
  }

  /** The line of a table that a case belongs to. */
  static String line(GoldenCase one) {
    String id = one.mechanism().id();
    return one.family().equals(SPECIAL) ? special(id) : id;
  }

  private static String special(String id) {
    return id + " (" + SPECIAL + ")";
  }
}
