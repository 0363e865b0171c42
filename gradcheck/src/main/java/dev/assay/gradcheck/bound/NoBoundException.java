package dev.assay.gradcheck.bound;

/** There is no derived bound for what a mechanism computes, so nothing can be said of a result. */
public final class NoBoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason, which completes "not judged: ...". */
  NoBoundException(String reason) {
    super(reason);
  }
}
