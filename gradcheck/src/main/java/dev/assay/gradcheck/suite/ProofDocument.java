package dev.assay.gradcheck.suite;

import java.util.List;
import java.util.SequencedMap;

/**
 * The suite's {@code proof.json}: how many of its answers are proven to be correctly rounded, and
 * which are not.
 *
 * @param schema {@value #SCHEMA}
 * @param results counts of {@code out} and {@code lse}
 * @param gradients counts of all gradients
 * @param unproven by case and tensor, only where there are any
 */
public record ProofDocument(
    String schema,
    Count results,
    Count gradients,
    SequencedMap<String, SequencedMap<String, Unproven>> unproven) {
  /** The identifier of this form of document. */
  public static final String SCHEMA = "assay-proof-1";

  /**
   * Counts of values.
   *
   * @param values all
   * @param proven those that are the true value, rounded once to binary64
   * @param exact those of the proven that are the true value itself
   * @param flagged those that are not proven
   */
  public record Count(int values, int proven, int exact, int flagged) {}

  /**
   * Values of a tensor that are not proven; the file holds what the definition gives in binary64.
   *
   * @param at their row-major positions
   * @param radius hexadecimal: the true values lie within it of what the widest evaluation gave
   * @param reasons why, one or more of {@link dev.assay.gradcheck.certified.Flag.Reason}
   */
  public record Unproven(List<Integer> at, String radius, List<String> reasons) {}
}
