package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;

/** Walks over the pairs of a query row, or of a key, in chunks. */
final class GatherRows {
  private final AttentionProblem problem;
  private final PairLists lists;
  private final PairChunk chunk;
  private int row;
  private int next;
  private int end;
  private boolean byKey;

  GatherRows(AttentionProblem problem, PairLists lists) {
    this.problem = problem;
    this.lists = lists;
    this.chunk = new PairChunk(problem);
  }

  /** Moves to a query row. */
  void open(int queryRow) {
    byKey = false;
    row = queryRow;
    next = lists.rowPtr()[queryRow];
    end = lists.rowPtr()[queryRow + 1];
  }

  /** Moves to a key of a batch entry and key head. */
  void open(int b, int keyHead, int j) {
    byKey = true;
    int slot = PairLists.slot(problem, b, keyHead, j);
    next = lists.keyPtr()[slot];
    end = lists.keyPtr()[slot + 1];
  }

  /** Fills the chunk with the next pairs; false if there are none left. */
  boolean next() {
    chunk.clear();
    for (; next < end && !chunk.isFull(); next++) {
      int entry = byKey ? lists.entries()[next] : next;
      int queryRow = byKey ? lists.rows()[next] : row;
      chunk.add(
          queryRow / problem.queries() / problem.heads(),
          queryRow / problem.queries() % problem.heads(),
          queryRow % problem.queries(),
          lists.keys()[entry],
          lists.logCounts()[entry]);
    }
    return chunk.count() > 0;
  }

  /** The pairs that {@link #next} found. */
  PairChunk chunk() {
    return chunk;
  }
}
