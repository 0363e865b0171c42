package dev.assay.gradcheck.gate;

/**
 * What gate G2 or G3 says of a tensor, over all cases of a class.
 *
 * @param gate G2 or G3
 * @param tensor out, lse, dq ...
 * @param outcome what became of it
 * @param text figures and limits, in a sentence
 */
public record GateLine(String gate, String tensor, Outcome outcome, String text) {
  /** What became of a gate. */
  public enum Outcome {
    PASS,
    FAIL,
    /** Worth a look; not a failure. */
    WARNING,
    /** Too little data to say anything. */
    NOT_ENOUGH
  }
}
