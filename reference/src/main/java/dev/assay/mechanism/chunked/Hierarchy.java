package dev.assay.mechanism.chunked;

/**
 * At which level of an {@link HTransformer1d} a pair of tokens meets. Blocks of level t hold {@code
 * block 2^t} tokens, which are gathered into {@code block} coarse ones of {@code 2^t}.
 *
 * @param siblings whether a block meets its sibling in the tree instead of both neighbours
 * @param block tokens in a block of level 0
 */
record Hierarchy(boolean siblings, int block) {
  /** The level of query i and key j, neither of which lies beyond 2^30. */
  int level(int i, int j) {
    int level = 0;
    long size = block;
    while (siblings ? i / (2 * size) != j / (2 * size) : Math.abs(i / size - j / size) > 1) {
      size *= 2;
      level++;
    }
    return level;
  }

  /** How many levels n tokens need. */
  int levels(int n) {
    return 1 + level(0, Math.max(n - 1, 0));
  }

  /** Whether tokens meet at a level; queries and keys may be any ones of their coarse tokens. */
  boolean meets(int level, int i, int j) {
    return level(i, j) == level;
  }
}
