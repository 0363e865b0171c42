package dev.assay.gradcheck.verdict;

/** What became of a case. */
public enum Status {
  /** All its tensors are right. */
  PASSED,
  /** A tensor is wrong, a refusal did not come, or twins differ. */
  FAILED,
  /** It is wrong, as a list of known failures says. */
  KNOWN,
  /** The implementation says that it cannot do it, or its class cannot hold the inputs. */
  NOT_SUPPORTED,
  /** No result was handed in. */
  NOT_ATTEMPTED,
  /** What was handed in cannot be judged: a tensor is missing or has the wrong shape or type. */
  MALFORMED
}
