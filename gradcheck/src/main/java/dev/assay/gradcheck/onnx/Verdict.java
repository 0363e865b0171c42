package dev.assay.gradcheck.onnx;

import java.util.List;

/**
 * What became of all node tests.
 *
 * @param outcomes one for each test
 */
public record Verdict(List<Outcome> outcomes) {
  /** Tests whose outputs are right. */
  public long passed() {
    return count(Outcome.Passed.class);
  }

  /** Tests with a wrong output. */
  public long failed() {
    return count(Outcome.Failed.class);
  }

  /** Tests that the oracle cannot judge. */
  public long notSupported() {
    return count(Outcome.NotSupported.class);
  }

  /** Tests whose files are broken. */
  public long malformed() {
    return count(Outcome.Malformed.class);
  }

  /** The counts in one line; broken tests are named only if there are any. */
  public String counts() {
    return "%d passed, %d failed, %d not supported".formatted(passed(), failed(), notSupported())
        + (malformed() > 0 ? ", " + malformed() + " malformed" : "");
  }

  private long count(Class<? extends Outcome> kind) {
    return outcomes.stream().filter(kind::isInstance).count();
  }
}
