package dev.assay.engine;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;

/**
 * The keys that one query meets, ascending, each with its multiplicity: those that the plan lists
 * and the problem allows. FULL blocks are not trusted: every predicate is asked for every pair.
 */
final class RowKeys {
  private final AttentionProblem problem;
  private final Plan plan;
  private final int[] keys;
  private final int[] counts;
  private int size;
  private int b;
  private int h;
  private int i;
  private int first;
  private int end;

  RowKeys(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.plan = plan;
    this.keys = new int[problem.keys()];
    this.counts = new int[problem.keys()];
  }

  /** How many different keys the row has. */
  int size() {
    return size;
  }

  /** The e-th key. */
  int key(int e) {
    return keys[e];
  }

  /** How often the e-th key is listed. */
  int count(int e) {
    return counts[e];
  }

  /** Moves to query row i of batch entry and head. */
  void load(int batch, int head, int query) {
    this.b = batch;
    this.h = head;
    this.i = query;
    this.size = 0;
    int[] range = problem.keyRange(batch, query);
    this.first = range[0];
    this.end = range[1];
    if (first == end) {
      return;
    }
    switch (plan) {
      case DensePlan dense -> span(first, end);
      case FeaturePlan feature -> span(first, end);
      case BlockPlan block -> blocks(block.mask());
      case ChunkPlan chunk -> chunks(chunk);
      case GatherPlan gather -> list(gather);
      case RecurrentPlan recurrent -> throw rowless(recurrent);
      case MergePlan merge -> throw rowless(merge);
    }
  }

  private static IllegalStateException rowless(Plan plan) {
    return new IllegalStateException("a " + plan.kind() + " plan has no rows of keys of its own");
  }

  private void span(int from, int to) {
    for (int j = Math.max(from, first); j < Math.min(to, end); j++) {
      add(j, 1);
    }
  }

  private void blocks(BlockMask mask) {
    int row = mask.queryBlock(i);
    BlockRows rows = mask.rows(b, h, problem.heads());
    for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
      int block = rows.colIdx()[e];
      int last = Math.min(mask.keyBound(block + 1), end);
      for (int j = Math.max(mask.keyBound(block), first); j < last; j++) {
        if (rows.bits() == null || mask.contains(b, h, problem.heads(), i, j)) {
          add(j, 1);
        }
      }
    }
  }

  private void chunks(ChunkPlan plan) {
    int own = i / plan.size();
    boolean ownPending = plan.own();
    for (int neighbour : plan.neighbours(b, h, problem.heads(), own)) {
      if (ownPending && neighbour > own) {
        chunk(own, plan.size());
        ownPending = false;
      }
      chunk(neighbour, plan.size());
    }
    if (ownPending) {
      chunk(own, plan.size());
    }
  }

  private void chunk(int chunk, int chunkSize) {
    long from = (long) chunk * chunkSize;
    span((int) Math.min(from, end), (int) Math.min(from + chunkSize, end));
  }

  private void list(GatherPlan plan) {
    int row = problem.queryRow(b, h, i);
    for (int e = plan.rowPtr()[row]; e < plan.rowPtr()[row + 1]; e++) {
      int j = plan.keys()[e];
      if (j >= first && j < end) {
        add(j, plan.counts()[e]);
      }
    }
  }

  private void add(int j, int count) {
    if (problem.admits(b, h, i, j)) {
      keys[size] = j;
      counts[size++] = count;
    }
  }
}
