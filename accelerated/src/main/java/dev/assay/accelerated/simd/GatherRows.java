package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;

/** Walks over the pairs of a query row, or of a key, in chunks. */
final class GatherRows {
  private final AttentionProblem problem;
  private final PairLists lists;
  private final PairChunk chunk;
  private int next;
  private int end;

  GatherRows(AttentionProblem problem, PairLists lists) {
    this.problem = problem;
    this.lists = lists;
    this.chunk = new PairChunk(problem);
  }

  /** Moves to a query row. */
  void open(int queryRow) {
    next = lists.rowPtr()[queryRow];
    end = lists.rowPtr()[queryRow + 1];
  }

  /** Moves to a key of a batch entry and key head. */
  void open(KeyLists byKey, int b, int keyHead, int j) {
    next = byKey.begin(b, keyHead, j);
    end = byKey.end(b, keyHead, j);
  }

  /** Fills the chunk with the next pairs of the query row; false if there are none left. */
  boolean next(int queryRow) {
    chunk.clear();
    for (; next < end && !chunk.isFull(); next++) {
      add(queryRow, next);
    }
    return chunk.count() > 0;
  }

  /** Fills the chunk with the next pairs of the key; false if there are none left. */
  boolean next(KeyLists byKey) {
    chunk.clear();
    for (; next < end && !chunk.isFull(); next++) {
      add(byKey.rows()[next], byKey.entries()[next]);
    }
    return chunk.count() > 0;
  }

  private void add(int queryRow, int entry) {
    chunk.add(
        queryRow / problem.queries() / problem.heads(),
        queryRow / problem.queries() % problem.heads(),
        queryRow % problem.queries(),
        lists.keys()[entry],
        lists.logCounts()[entry]);
  }

  /** The pairs that were found. */
  PairChunk chunk() {
    return chunk;
  }
}
