package dev.assay.gradcheck.gradient;

/** How a gradient is judged. */
public enum Way {
  /** Two backward passes give the same bits. */
  REPEAT,
  /** {@code <w, J u> = <J^T w, u>}: the reverse rules against the forward rules. */
  ADJOINT,
  /** The reverse rules against finite differences with an error estimate of their own. */
  DIFFERENCES,
  /** The gradient's own gradient, by adjoint identity and finite differences. */
  SECOND,
  /** The fused backward formulas of the scalar engine against the tape. */
  FUSED,
  /** The tape against the golden files. */
  GOLDEN
}
