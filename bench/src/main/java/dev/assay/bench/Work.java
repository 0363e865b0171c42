package dev.assay.bench;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kinds of work that are timed, one for each plan and the common patterns. */
public enum Work {
  /** Every pair. */
  DENSE {
    @Override
    public Branch on(AttentionProblem problem) {
      return new Branch(problem, new DensePlan());
    }

    @Override
    public double pairs(long n) {
      return (double) n * n;
    }
  },
  /** Keys up to the query. */
  CAUSAL {
    @Override
    public Branch on(AttentionProblem problem) {
      AttentionProblem causal =
          problem.with(problem.q(), problem.k(), problem.v(), null).causal(true).build();
      return new Branch(causal, new DensePlan());
    }

    @Override
    public double pairs(long n) {
      return n * (n + 1) / 2.0;
    }
  },
  /** Blocks of 64: the last four up to the query's and the first. */
  BAND {
    @Override
    public Branch on(AttentionProblem problem) {
      int[] bounds = BlockMask.uniformBounds(problem.queries(), BLOCK);
      boolean[][] table = new boolean[bounds.length - 1][bounds.length - 1];
      for (int row = 0; row < table.length; row++) {
        table[row][0] = true;
        for (int col = Math.max(0, row - BAND_BLOCKS + 1); col <= row; col++) {
          table[row][col] = true;
        }
      }
      return new Branch(problem, new BlockPlan(BlockMask.of(bounds, bounds, table)));
    }

    @Override
    public double pairs(long n) {
      double pairs = 0;
      for (long i = 0; i < n; i++) {
        long block = i / BLOCK;
        long listed = Math.min(block + 1, BAND_BLOCKS + 1);
        // The block on the diagonal is ragged at the end of the sequence.
        pairs += (listed - 1) * BLOCK + Math.min(BLOCK, n - block * BLOCK);
      }
      return pairs;
    }
  },
  /** Chunks of 128 that meet themselves and the one before. */
  CHUNKS {
    @Override
    public Branch on(AttentionProblem problem) {
      return new Branch(problem, chunks(problem, true, true));
    }

    @Override
    public double pairs(long n) {
      double pairs = 0;
      for (long i = 0; i < n; i++) {
        long chunk = i / CHUNK;
        pairs += Math.min(CHUNK, n - chunk * CHUNK) + (chunk > 0 ? CHUNK : 0);
      }
      return pairs;
    }
  },
  /** The same pairs in two branches, joined by their log-sum-exps. */
  MERGE {
    @Override
    public Branch on(AttentionProblem problem) {
      return new Branch(
          problem,
          new MergePlan(
              List.of(
                  new Branch(problem, chunks(problem, true, false)),
                  new Branch(problem, chunks(problem, false, true))),
              null));
    }

    @Override
    public double pairs(long n) {
      return CHUNKS.pairs(n);
    }
  },
  /** Every query has a list of its own of 64 keys, spread over all of them. */
  GATHER {
    @Override
    public Branch on(AttentionProblem problem) {
      return new Branch(problem, lists(problem));
    }

    @Override
    public double pairs(long n) {
      return (double) n * Math.min(n, LISTED);
    }
  },
  /** One query, every key. */
  DECODE {
    @Override
    public Branch on(AttentionProblem problem) {
      return new Branch(problem, new DensePlan());
    }

    @Override
    public double pairs(long n) {
      return n;
    }

    @Override
    public int queries(int n) {
      return 1;
    }
  };

  private static final int BLOCK = 64;
  private static final int BAND_BLOCKS = 4;
  private static final int CHUNK = 128;
  private static final int LISTED = 64;

  /** The problem and plan over the tensors of a plain problem of {@link #queries} and n keys. */
  public abstract Branch on(AttentionProblem problem);

  /** Pairs of a head of n keys. */
  public abstract double pairs(long n);

  /** Queries that go with n keys. */
  public int queries(int n) {
    return n;
  }

  private static ChunkPlan chunks(AttentionProblem problem, boolean own, boolean previous) {
    List<int[]> neighbours = new ArrayList<>();
    for (int chunk = 0; chunk * CHUNK < problem.queries(); chunk++) {
      neighbours.add(previous && chunk > 0 ? new int[] {chunk - 1} : new int[0]);
    }
    return new ChunkPlan(CHUNK, own, List.of(neighbours));
  }

  private static GatherPlan lists(AttentionProblem problem) {
    int n = problem.keys();
    int stride = Math.max(1, n / LISTED);
    int listed = Math.min(n, LISTED);
    int rows = problem.batches() * problem.heads() * problem.queries();
    int[] rowPtr = new int[rows + 1];
    int[] keys = new int[rows * listed];
    for (int row = 0; row < rows; row++) {
      for (int e = 0; e < listed; e++) {
        keys[row * listed + e] = row % problem.queries() % stride + e * stride;
      }
      rowPtr[row + 1] = (row + 1) * listed;
    }
    int[] counts = new int[keys.length];
    Arrays.fill(counts, 1);
    return new GatherPlan(rowPtr, keys, counts);
  }
}
