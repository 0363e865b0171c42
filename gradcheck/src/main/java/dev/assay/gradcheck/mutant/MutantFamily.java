package dev.assay.gradcheck.mutant;

import java.util.Locale;

/** Kinds of faults. */
public enum MutantFamily {
  /** The wrong pairs count. */
  MASKING,
  /** Wrong weights from right logits. */
  SOFTMAX,
  /** Something is read or written where something else lies. */
  INDEXING,
  /** Partial results are joined wrongly. */
  JOINING,
  /** A right output with wrong gradients. */
  BACKWARD,
  /** Too few bits. */
  PRECISION,
  /** The wrong blocks are chosen. */
  SELECTION;

  /** In lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
