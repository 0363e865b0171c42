package dev.assay.study;

import dev.assay.engine.AttentionRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The keys that any softmax of a mechanism gave to each query. */
final class Kept {
  private final int heads;
  private final int queries;
  private final int keys;
  private final BitSet[] rows;
  private boolean found;

  private Kept(AttentionRows like) {
    this.heads = like.heads();
    this.queries = like.queries();
    this.keys = like.keys();
    this.rows = new BitSet[like.batches() * heads * queries];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new BitSet(keys);
    }
  }

  /** Of the softmaxes over the same queries and keys as dense attention; others are left out. */
  static Kept of(List<AttentionRows> softmaxes, AttentionRows dense) {
    Kept kept = new Kept(dense);
    for (AttentionRows softmax : softmaxes) {
      if (softmax.batches() == dense.batches()
          && softmax.heads() == dense.heads()
          && softmax.queries() == dense.queries()
          && softmax.keys() == dense.keys()) {
        kept.add(softmax);
      }
    }
    return kept;
  }

  private void add(AttentionRows softmax) {
    found = true;
    for (int row = 0; row < rows.length; row++) {
      int head = row / queries;
      for (int j : softmax.row(head / heads, head % heads, row % queries).keys()) {
        rows[row].set(j);
      }
    }
  }

  /** Whether there was such a softmax. */
  boolean found() {
    return found;
  }

  boolean has(int b, int h, int i, int j) {
    return rows[(b * heads + h) * queries + i].get(j);
  }

  int count(int b, int h, int i) {
    return rows[(b * heads + h) * queries + i].cardinality();
  }

  /** Batch entry 0, heads together; and every token knows itself. Empty unless n_q = n_k. */
  List<BitSet> anyHead() {
    List<BitSet> any = new ArrayList<>();
    for (int i = 0; i < queries && queries == keys; i++) {
      BitSet of = new BitSet(keys);
      for (int h = 0; h < heads; h++) {
        of.or(rows[h * queries + i]);
      }
      of.set(i);
      any.add(of);
    }
    return any;
  }
}
