package dev.assay.gradcheck.bound;

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
 * The keys that one query meets under a problem and a plan, ascending. It is read from the plan
 * directly and shares no code with any engine, so an engine's slip in a mask cannot hide here.
 */
public final class MetKeys {
  /** Keys in a tile for {@link #tiles}: finer than the blocks of any kernel in use. */
  public static final int TILE = 8;

  private final AttentionProblem problem;
  private final Plan plan;
  private final int[] keys;
  private final double[] logCounts;
  private int b;
  private int h;
  private int i;
  private int first;
  private int end;
  private int size;

  /** The keys of the rows of a problem under a plan. */
  public MetKeys(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.plan = plan;
    this.keys = new int[problem.keys()];
    this.logCounts = new double[problem.keys()];
  }

  /** Looks up the keys of query i of batch entry b and head h. */
  public void of(int batch, int head, int query) {
    b = batch;
    h = head;
    i = query;
    int[] range = problem.keyRange(b, i);
    first = range[0];
    end = range[1];
    size = 0;
    switch (plan) {
      case DensePlan _, FeaturePlan _ -> addRange(0, problem.keys());
      case BlockPlan block -> addBlocks(block.mask());
      case ChunkPlan chunk -> addChunks(chunk);
      case GatherPlan gather -> addList(gather);
      case MergePlan _ -> throw new IllegalStateException("a merge has keys by branch only");
      case RecurrentPlan _ -> throw new IllegalStateException("a recurrence has no rows of keys");
    }
  }

  /** How many keys there are. */
  public int size() {
    return size;
  }

  /** Key number t of the row. */
  public int key(int t) {
    return keys[t];
  }

  /** The logarithm of how often key number t counts: 0 for once. */
  public double logCount(int t) {
    return logCounts[t];
  }

  /** Number of aligned tiles of {@link #TILE} keys that hold a key of this row. */
  public int tiles() {
    int tiles = 0;
    int last = -1;
    for (int t = 0; t < size; t++) {
      if (keys[t] / TILE != last) {
        last = keys[t] / TILE;
        tiles++;
      }
    }
    return tiles;
  }

  private void addRange(int from, int to) {
    for (int j = Math.max(from, first); j < Math.min(to, end); j++) {
      if (problem.admits(b, h, i, j)) {
        keys[size] = j;
        logCounts[size++] = 0;
      }
    }
  }

  private void addBlocks(BlockMask mask) {
    BlockRows rows = mask.rows(b, h, problem.heads());
    int row = mask.queryBlock(i);
    for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
      int block = rows.colIdx()[e];
      int from = mask.keyBound(block);
      for (int j = from; j < mask.keyBound(block + 1); j++) {
        if (mask.contains(b, h, problem.heads(), i, j)) {
          addRange(j, j + 1);
        }
      }
    }
  }

  private void addChunks(ChunkPlan plan) {
    int own = i / plan.size();
    boolean ownAdded = !plan.own();
    for (int chunk : plan.neighbours(b, h, problem.heads(), own)) {
      if (!ownAdded && own < chunk) {
        addRange(own * plan.size(), (own + 1) * plan.size());
        ownAdded = true;
      }
      addRange(chunk * plan.size(), (chunk + 1) * plan.size());
    }
    if (!ownAdded) {
      addRange(own * plan.size(), (own + 1) * plan.size());
    }
  }

  private void addList(GatherPlan plan) {
    int row = problem.queryRow(b, h, i);
    for (int e = plan.rowPtr()[row]; e < plan.rowPtr()[row + 1]; e++) {
      int before = size;
      addRange(plan.keys()[e], plan.keys()[e] + 1);
      if (size > before) {
        logCounts[before] = StrictMath.log(plan.counts()[e]);
      }
    }
  }
}
