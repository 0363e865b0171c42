package dev.assay.layout;

import java.util.OptionalInt;

/**
 * What a file does not say, and what may be changed on the way.
 *
 * @param blockQ queries in a block
 * @param blockK keys in a block
 * @param queries n_q
 * @param keys n_k
 * @param declare what becomes of the distinction between FULL and PARTIAL
 * @param mergeHeads whether equal maps may become one
 */
public record LayoutOptions(
    OptionalInt blockQ,
    OptionalInt blockK,
    OptionalInt queries,
    OptionalInt keys,
    Declare declare,
    boolean mergeHeads) {
  /** What becomes of the distinction between FULL and PARTIAL. */
  public enum Declare {
    /** It stays as it is. */
    NOTHING,
    /** Blocks without bits become FULL: the user says that no other predicate holds. */
    FULL,
    /** No block is FULL any more; the pairs are the same. */
    PARTIAL
  }

  /** Nothing is added and nothing changed. */
  public static LayoutOptions none() {
    OptionalInt no = OptionalInt.empty();
    return new LayoutOptions(no, no, no, no, Declare.NOTHING, false);
  }

  /** These options with sizes; 0 leaves one open. */
  public LayoutOptions sizes(int newBlockQ, int newBlockK, int newQueries, int newKeys) {
    return new LayoutOptions(
        given(newBlockQ), given(newBlockK), given(newQueries), given(newKeys), declare, mergeHeads);
  }

  /** These options with another wish about FULL and PARTIAL. */
  public LayoutOptions declaring(Declare wish) {
    return new LayoutOptions(blockQ, blockK, queries, keys, wish, mergeHeads);
  }

  /** These options, and equal maps become one. */
  public LayoutOptions merging() {
    return new LayoutOptions(blockQ, blockK, queries, keys, declare, true);
  }

  private static OptionalInt given(int number) {
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  OptionalInt size(Axis axis) {
    return axis == Axis.QUERIES ? blockQ : blockK;
  }

  OptionalInt length(Axis axis) {
    return axis == Axis.QUERIES ? queries : keys;
  }
}
