package dev.assay.tensor;

/** How the elements of a {@link Tensor} are held in memory. */
public enum Storage {
  /** IEEE binary32, unit roundoff 2^-24. */
  F32,
  /** IEEE binary64, unit roundoff 2^-53. */
  F64
}
