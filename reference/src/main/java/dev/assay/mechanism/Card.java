package dev.assay.mechanism;

import java.util.List;

/**
 * What a mechanism is, for the tables and pages that are made from the catalogue.
 *
 * @param title its name in print
 * @param idea one sentence
 * @param formula the mathematics, in plain text
 * @param paper where it comes from
 * @param cost time and memory in n, d and its own sizes
 * @param reach global, local or hybrid
 * @param choice fixed, learned or low-rank
 * @param timing static or dynamic
 * @param granularity token, block, chunk or head
 * @param readings what the source leaves open and how it is read here
 */
public record Card(
    String title,
    String idea,
    String formula,
    String paper,
    String cost,
    Reach reach,
    Choice choice,
    Timing timing,
    Granularity granularity,
    List<String> readings) {
  /** How far attention reaches. */
  public enum Reach {
    GLOBAL,
    LOCAL,
    HYBRID
  }

  /** How the pattern comes about. */
  public enum Choice {
    FIXED,
    LEARNED,
    LOW_RANK
  }

  /** Whether the pattern depends on the input. */
  public enum Timing {
    STATIC,
    DYNAMIC
  }

  /** What is chosen or dropped as a whole. */
  public enum Granularity {
    TOKEN,
    BLOCK,
    CHUNK,
    HEAD
  }
}
