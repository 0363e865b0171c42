package dev.assay.gradcheck.golden;

/** Why an input must be refused; the name is the reason code of the case files. */
enum Refusal {
  /** The number of query heads is no multiple of the number of key heads. */
  HEADS_DO_NOT_DIVIDE,
  /** The extents of two tensors do not fit together. */
  SHAPE_MISMATCH,
  /** A tensor has a rank that the mechanism does not take. */
  WRONG_RANK,
  /** A length is negative or exceeds what there is. */
  LENGTH_OUT_OF_RANGE,
  /** Cumulative lengths do not begin with 0, fall, or end beyond the tensor. */
  BROKEN_PACKING,
  /** A number that must be whole is not, or a mask holds something besides 0 and 1. */
  NOT_A_CHOICE,
  /** A score that a selection is made by is NaN. */
  NAN_SCORE,
  /** A tensor that the mechanism cannot do without is absent. */
  MISSING_TENSOR,
  /** A list names something twice. */
  DUPLICATE,
  /** A list names something that does not exist. */
  INDEX_OUT_OF_RANGE,
  /** Two tensors exclude each other. */
  CONTRADICTION
}
