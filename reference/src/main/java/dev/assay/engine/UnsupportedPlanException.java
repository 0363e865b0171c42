package dev.assay.engine;

/**
 * An engine was asked for what it does not support. It is counted as such; nothing else takes its
 * place.
 */
public final class UnsupportedPlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the engine's id and its reason. */
  public UnsupportedPlanException(String engine, String reason) {
    super(engine + " does not support this: " + reason);
  }
}
