package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What is said of one implementation.
 *
 * @param subject an engine's id, or the folder of results
 * @param precision the class that it was judged in
 * @param description what it ran on, or what its files say of it
 * @param cases all cases that were looked at
 * @param gates lines of the gates G2 and G3
 */
public record SubjectVerdict(
    String subject,
    PrecisionClass precision,
    String description,
    List<CaseVerdict> cases,
    List<GateLine> gates) {
  /** Copies the lists. */
  public SubjectVerdict {
    cases = List.copyOf(cases);
    gates = List.copyOf(gates);
  }

  /** How many cases have a status. */
  public long count(Status status) {
    return cases.stream().filter(one -> one.status() == status).count();
  }

  /** How many cases were judged. */
  public long judged() {
    return cases.stream().filter(CaseVerdict::judged).count();
  }

  /** Whether a case failed or gate G2 did. */
  public boolean failed() {
    return count(Status.FAILED) > 0
        || gates.stream().anyMatch(line -> line.outcome() == Outcome.FAIL);
  }

  /** The histograms of all cases together, by name of the tensor. */
  public SequencedMap<String, Histogram> histograms() {
    SequencedMap<String, Histogram> all = new TreeMap<>();
    for (CaseVerdict one : cases) {
      one.tensors()
          .forEach(tensor -> all.merge(tensor.tensor(), tensor.histogram(), Histogram::plus));
    }
    return all;
  }

  /** Tensors compared. */
  public long tensors() {
    return cases.stream().mapToLong(one -> one.tensors().size()).sum();
  }

  /** Elements compared. */
  public long elements() {
    return cases.stream().mapToLong(CaseVerdict::elements).sum();
  }

  /** Largest error in units of its bound, over everything that passed or failed. */
  public double tightness() {
    return cases.stream()
        .flatMap(one -> one.tensors().stream())
        .mapToDouble(TensorVerdict::tightness)
        .max()
        .orElse(0);
  }
}
