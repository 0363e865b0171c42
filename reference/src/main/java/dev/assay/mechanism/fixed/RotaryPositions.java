package dev.assay.mechanism.fixed;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Ragged;
import org.jspecify.annotations.Nullable;

/**
 * Where the tokens of a {@link Dense} stand: key j at j, query i at i + offset, counted within a
 * packed sequence.
 */
final class RotaryPositions {
  private RotaryPositions() {}

  /** Positions of new keys behind {@code past} others. */
  static RotaryAngles.Position ofKeys(@Nullable Ragged packed, int past) {
    return (b, j) -> packed == null ? past + j : j - packed.cuKeys()[packed.sequenceOfKey(j)];
  }

  /** Positions of queries among the keys. */
  static RotaryAngles.Position ofQueries(AttentionProblem problem) {
    Ragged packed = problem.ragged();
    return (b, i) -> {
      int sequence = packed == null ? b : packed.sequenceOfQuery(i);
      int first = packed == null ? 0 : packed.cuQueries()[sequence];
      return i - first + problem.offset(sequence);
    };
  }

  /**
   * Checks that given tables of angles reach to every token that has a part in the attention. What
   * lies behind a length, before the frontier or under a mask may stand anywhere.
   */
  static void requireRows(RotaryAngles angles, AttentionProblem problem, int past) {
    angles.requireRows(
        "query",
        problem.batches(),
        problem.queries(),
        ofQueries(problem),
        (b, i) -> queryMeets(problem, b, i));
    angles.requireRows(
        "key",
        problem.batches(),
        problem.keys() - past,
        ofKeys(problem.ragged(), past),
        (b, j) -> keyIsMet(problem, b, past + j));
  }

  private static boolean queryMeets(AttentionProblem problem, int b, int i) {
    for (int h = 0; h < problem.heads(); h++) {
      if (KeepMask.meets(problem, b, h, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean keyIsMet(AttentionProblem problem, int b, int j) {
    for (int h = 0; h < problem.heads(); h++) {
      for (int i = 0; i < problem.queries(); i++) {
        if (KeepMask.exists(problem, b, h, i, j)) {
          return true;
        }
      }
    }
    return false;
  }
}
