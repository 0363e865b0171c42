package dev.assay.engine;

/**
 * Whether an engine can do what is asked.
 *
 * @param yes whether it can
 * @param reason why not; empty if it can
 */
public record Support(boolean yes, String reason) {
  /** It can. */
  public static final Support YES = new Support(true, "");

  /** It cannot, for a reason that completes "not supported: ...". */
  public static Support no(String reason) {
    return new Support(false, reason);
  }
}
