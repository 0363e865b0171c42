package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Stages;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one case.
 *
 * @param golden the case
 * @param status what became of it
 * @param reason why, where the tensors do not say it; a sentence or empty
 * @param tensors its compared tensors
 * @param unsupported expected tensors that the implementation cannot give, with reasons
 * @param replay the command that repeats it
 * @param stage the stage that a failure is blamed on; null if it passed or was not looked for
 */
public record CaseVerdict(
    GoldenCase golden,
    Status status,
    String reason,
    List<TensorVerdict> tensors,
    Map<String, String> unsupported,
    String replay,
    @Nullable Attribution stage) {

  /** The verdict on compared tensors. */
  public static CaseVerdict of(
      GoldenCase golden,
      List<Comparison> compared,
      Map<String, String> unsupported,
      String replay) {
    List<TensorVerdict> tensors = tensors(golden, compared, new Oracle(golden), false);
    boolean passed = tensors.stream().allMatch(TensorVerdict::passes);
    Status status = passed ? Status.PASSED : Status.FAILED;
    return new CaseVerdict(golden, status, "", tensors, unsupported, replay, null);
  }

  /**
   * The same with the stage that is wrong, and with guesses that compute the oracle again.
   *
   * @param compared what the verdict is on; one tensor at least fails
   */
  public CaseVerdict closer(List<Comparison> compared) {
    Oracle oracle = new Oracle(golden);
    List<TensorVerdict> closer = tensors(golden, compared, oracle, true);
    Attribution found = Stages.of(golden, compared, oracle);
    return new CaseVerdict(golden, status, reason, closer, unsupported, replay, found);
  }

  private static List<TensorVerdict> tensors(
      GoldenCase golden, List<Comparison> compared, Oracle oracle, boolean deep) {
    return compared.stream().map(each -> TensorVerdict.of(golden, each, oracle, deep)).toList();
  }

  /** A verdict without tensors. */
  public static CaseVerdict of(GoldenCase golden, Status status, String reason, String replay) {
    return new CaseVerdict(golden, status, reason, List.of(), Map.of(), replay, null);
  }

  /** The same tensors, but failed for a reason of its own. */
  public CaseVerdict failedBecause(String why) {
    return new CaseVerdict(golden, Status.FAILED, why, tensors, unsupported, replay, stage);
  }

  /** The same tensors, whose failure is known. */
  public CaseVerdict known(String why) {
    return new CaseVerdict(golden, Status.KNOWN, why, tensors, unsupported, replay, stage);
  }

  /** The tensors that fail, with their numbers. */
  public List<Comparison> failing() {
    return tensors.stream()
        .map(TensorVerdict::failure)
        .filter(Objects::nonNull)
        .map(Failure::compared)
        .toList();
  }

  /** The same, said of a case that stands for this one. */
  public CaseVerdict of(GoldenCase standIn) {
    return new CaseVerdict(standIn, status, reason, tensors, unsupported, replay, stage);
  }

  /** Elements compared. */
  public long elements() {
    return tensors.stream().mapToLong(TensorVerdict::elements).sum();
  }

  /** Whether there is a verdict on results, good or bad. */
  public boolean judged() {
    return status == Status.PASSED || status == Status.FAILED || status == Status.KNOWN;
  }
}
