package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is said of one case.
 *
 * @param golden the case
 * @param status what became of it
 * @param reason why, where the tensors do not say it; a sentence or empty
 * @param tensors its compared tensors
 * @param unsupported expected tensors that the implementation cannot give, with reasons
 * @param replay the command that repeats it
 */
public record CaseVerdict(
    GoldenCase golden,
    Status status,
    String reason,
    List<TensorVerdict> tensors,
    Map<String, String> unsupported,
    String replay) {

  /** The verdict on compared tensors. */
  public static CaseVerdict of(
      GoldenCase golden,
      List<Comparison> compared,
      Map<String, String> unsupported,
      boolean deep,
      String replay) {
    List<TensorVerdict> tensors = new ArrayList<>();
    Oracle oracle = new Oracle(golden);
    boolean passed = true;
    for (Comparison each : compared) {
      TensorVerdict verdict = TensorVerdict.of(golden, each, oracle, deep);
      tensors.add(verdict);
      passed &= verdict.passes();
    }
    Status status = passed ? Status.PASSED : Status.FAILED;
    return new CaseVerdict(golden, status, "", tensors, unsupported, replay);
  }

  /** A verdict without tensors. */
  public static CaseVerdict of(GoldenCase golden, Status status, String reason, String replay) {
    return new CaseVerdict(golden, status, reason, List.of(), Map.of(), replay);
  }

  /** The same tensors, but failed for a reason of its own. */
  public CaseVerdict failedBecause(String why) {
    return new CaseVerdict(golden, Status.FAILED, why, tensors, unsupported, replay);
  }

  /** The same, said of a case that stands for this one. */
  public CaseVerdict of(GoldenCase standIn) {
    return new CaseVerdict(standIn, status, reason, tensors, unsupported, replay);
  }

  /** Elements compared. */
  public long elements() {
    return tensors.stream().mapToLong(TensorVerdict::elements).sum();
  }

  /** Whether there is a verdict on results, good or bad. */
  public boolean judged() {
    return status == Status.PASSED || status == Status.FAILED;
  }
}
