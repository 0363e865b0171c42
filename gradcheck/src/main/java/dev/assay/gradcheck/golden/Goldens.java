package dev.assay.gradcheck.golden;

import dev.assay.check.Require;
import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.certified.Certifier;
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

/**
 * Turns drafts into golden cases: the answers are the true values of what {@code define} records,
 * correctly rounded where that is proven, and what {@code define} gives elsewhere.
 */
final class Goldens {
  private final Map<String, Note> flags;
  private final ReplayedFaults faults;
  private final Certifier certifier = new Certifier();

  Goldens(Map<String, Note> flags, ReplayedFaults faults) {
    this.flags = flags;
    this.faults = faults;
  }

  /**
   * The case with its answers.
   *
   * @throws IllegalStateException if a case that must be refused is not, or the other way round
   */
  Proven compute(String family, Draft draft) {
    Case problem = draft.problem();
    String name = family + "/" + problem.name();
    SequencedMap<String, Tensor> inputs = problem.tensors();
    Refusal refusal = draft.refusal();
    SequencedMap<String, Tensor> expect = new LinkedHashMap<>();
    SequencedMap<String, Certificate> certificates = new LinkedHashMap<>();
    if (refusal == null) {
      Evaluation defined = defined(name, problem, inputs);
      certificates.putAll(certifier.certify(defined));
      expect.putAll(defined.results());
      certificates.forEach((tensor, certificate) -> expect.put(tensor, certificate.value()));
      // A choice that was given is not an answer.
      expect.keySet().removeAll(inputs.keySet());
    } else {
      refuse(name, problem, inputs);
    }
    return new Proven(golden(draft, name, family, inputs, expect), certificates);
  }

  private GoldenCase golden(
      Draft draft,
      String name,
      String family,
      SequencedMap<String, Tensor> inputs,
      SequencedMap<String, Tensor> expect) {
    Case problem = draft.problem();
    Refusal refusal = draft.refusal();
    return new GoldenCase(
        problem.id(),
        family,
        name,
        draft.flags(),
        bugClass(name, draft.flags().getFirst()),
        draft.comment(),
        faults.of(name, draft.guards()),
        problem.mechanism(),
        problem.dtype(),
        inputs,
        expect,
        draft.exact(),
        draft.twin(),
        draft.classes().stream().map(PrecisionClass::id).toList(),
        refusal == null ? Expectation.VALID : Expectation.REFUSE,
        refusal == null ? null : refusal.name(),
        null);
  }

  /** The kind of fault that a flag looks for; {@code name} is the case that has it. */
  String bugClass(String name, String flag) {
    Note note = flags.get(flag);
    Require.state(note != null, "case %s has the flag %s, which flags.json lacks", name, flag);
    return Objects.requireNonNull(note).bugClass();
  }

  private static Evaluation defined(
      String name, Case problem, SequencedMap<String, Tensor> inputs) {
    try {
      return Evaluation.define(problem.mechanism(), inputs);
    } catch (IllegalArgumentException refused) {
      throw new IllegalStateException("case " + name + " was refused", refused);
    }
  }

  private static void refuse(String name, Case problem, SequencedMap<String, Tensor> inputs) {
    try {
      Evaluation.define(problem.mechanism(), inputs);
    } catch (IllegalArgumentException refused) {
      return;
    }
    throw new IllegalStateException("case " + name + " must be refused and was not");
  }
}
