package dev.assay.cli.docs;

import dev.assay.cli.docs.MechanismDocument.ResultDocument;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of the tensors that a mechanism gives back, seen in its own cases. */
final class MechanismResults {
  private MechanismResults() {}

  static List<ResultDocument> of(Mechanism mechanism) {
    Set<String> choices = new LinkedHashSet<>();
    boolean lse = false;
    for (Case problem : mechanism.cases()) {
      if (!problem.roles().equals(Set.of(Role.BENCH))) {
        Evaluation evaluation = Evaluation.define(problem.mechanism(), problem.tensors());
        choices.addAll(evaluation.answer().choices().keySet());
        lse |= evaluation.answer().lse() != null;
      }
    }
    List<ResultDocument> results = new ArrayList<>();
    results.add(new ResultDocument("out", "Output, [B, H, n_q, d_v]."));
    if (lse) {
      results.add(new ResultDocument("lse", "Natural log-sum-exp of each row, [B, H, n_q]."));
    }
    for (TensorSpec tensor : mechanism.tensors()) {
      if (MechanismDocument.differentiated(tensor)) {
        results.add(
            new ResultDocument(
                tensor.gradient(), "Gradient of " + tensor.name() + ", where that was given."));
      }
    }
    for (String choice : choices) {
      results.add(
          new ResultDocument(
              choice, "The choice that was made; it can be given back as an input."));
    }
    return results;
  }
}
