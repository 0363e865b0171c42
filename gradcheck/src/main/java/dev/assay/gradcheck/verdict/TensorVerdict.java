package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.guess.Guesses;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one tensor of one case.
 *
 * @param tensor out, lse, dq ...
 * @param elements how many were compared
 * @param failing how many are outside their bounds
 * @param unbounded of how many nothing can be asked
 * @param tightness largest error in units of the bound
 * @param rms root mean square of the errors in units of the bound
 * @param histogram of the errors
 * @param failure all about it, or null if it passed
 * @param guesses what the failure looks like
 */
public record TensorVerdict(
    String tensor,
    int elements,
    int failing,
    int unbounded,
    double tightness,
    double rms,
    Histogram histogram,
    @Nullable Failure failure,
    List<String> guesses) {

  /**
   * The verdict on a compared tensor. Only a failure keeps the numbers.
   *
   * @param deep whether guesses may compute the oracle again
   */
  static TensorVerdict of(GoldenCase golden, Comparison compared, Oracle oracle, boolean deep) {
    Failure failure = compared.passes() ? null : Failure.of(golden, compared, oracle);
    return new TensorVerdict(
        compared.tensor(),
        compared.golden().size(),
        compared.failures().length,
        compared.unbounded(),
        compared.tightness(),
        compared.rms(),
        Histogram.of(compared),
        failure,
        failure == null ? List.of() : Guesses.at(failure, deep));
  }

  /** Whether every element is within its bound. */
  public boolean passes() {
    return failing == 0;
  }
}
