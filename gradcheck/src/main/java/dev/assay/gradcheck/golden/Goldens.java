package dev.assay.gradcheck.golden;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.SuiteDocument.Note;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Turns drafts into golden cases: the answers are what {@code define} gives. */
final class Goldens {
  private final Map<String, Note> flags;

  Goldens(Map<String, Note> flags) {
    this.flags = flags;
  }

  /**
   * The case with its answers.
   *
   * @throws IllegalStateException if a case that must be refused is not, or the other way round
   */
  GoldenCase compute(String family, Draft draft) {
    Case problem = draft.problem();
    String name = family + "/" + problem.name();
    SequencedMap<String, Tensor> inputs = problem.tensors();
    Refusal refusal = draft.refusal();
    return new GoldenCase(
        problem.id(),
        family,
        name,
        draft.flags(),
        bugClass(name, draft.flags().getFirst()),
        draft.comment(),
        draft.guards(),
        problem.mechanism(),
        problem.dtype(),
        inputs,
        refusal == null ? answers(name, problem, inputs) : refused(name, problem, inputs),
        draft.exact(),
        draft.twin(),
        draft.classes().stream().map(PrecisionClass::id).toList(),
        refusal == null ? Expectation.VALID : Expectation.REFUSE,
        refusal == null ? null : refusal.name());
  }

  private String bugClass(String name, String flag) {
    Note note = flags.get(flag);
    Require.state(note != null, "case %s has the flag %s, which flags.json lacks", name, flag);
    return Objects.requireNonNull(note).bugClass();
  }

  private static SequencedMap<String, Tensor> answers(
      String name, Case problem, SequencedMap<String, Tensor> inputs) {
    try {
      SequencedMap<String, Tensor> results =
          Evaluation.define(problem.mechanism(), inputs).results();
      // A choice that was given is not an answer.
      results.keySet().removeAll(inputs.keySet());
      return results;
    } catch (IllegalArgumentException refused) {
      throw new IllegalStateException("case " + name + " was refused", refused);
    }
  }

  private static SequencedMap<String, Tensor> refused(
      String name, Case problem, SequencedMap<String, Tensor> inputs) {
    try {
      Evaluation.define(problem.mechanism(), inputs);
    } catch (IllegalArgumentException refused) {
      return new LinkedHashMap<>();
    }
    throw new IllegalStateException("case " + name + " must be refused and was not");
  }
}
