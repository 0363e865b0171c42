package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Mechanism;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks meet in a {@link BigBird} of some length.
 *
 * @param mechanism sizes and readings
 * @param problem n and the number of heads
 * @param random random key blocks of all blocks of queries but the first and last
 */
record BigBirdBlocks(BigBird mechanism, AttentionProblem problem, RandomBlocks random) {
  private static final int EDGE = 1;

  /** Tokens that the old plan was made for, and those that it draws from. */
  private static final int PLANNED = 4096;

  private static final int DRAWN_FROM = 1024;

  /** With random blocks as given in {@code idx}, or drawn. */
  static BigBirdBlocks of(BigBird mechanism, AttentionProblem problem, @Nullable Tensor idx) {
    int blocks = Math.ceilDiv(problem.queries(), mechanism.block());
    int heads = problem.heads();
    if (idx != null) {
      return new BigBirdBlocks(mechanism, problem, RandomBlocks.given(idx, heads, blocks, EDGE));
    }
    if (mechanism.draw() == BigBird.Draw.ZEROS) {
      int[][][] zeros = new int[1][blocks][0];
      for (int row = EDGE; row < blocks - EDGE; row++) {
        zeros[0][row] = new int[mechanism.random()];
      }
      return new BigBirdBlocks(mechanism, problem, new RandomBlocks(zeros, EDGE));
    }
    BigBirdBlocks fixed = new BigBirdBlocks(mechanism, problem, RandomBlocks.none(blocks, EDGE));
    RandomBlocks drawn =
        RandomBlocks.drawn(
            heads, blocks, EDGE, mechanism.random(), mechanism.seed(), fixed::mayBeDrawn);
    return new BigBirdBlocks(mechanism, problem, drawn);
  }

  private boolean mayBeDrawn(int row, int column) {
    if (mechanism.causal() && column > row) {
      return false;
    }
    if (mechanism.draw() == BigBird.Draw.OLD_PLAN) {
      return inOldPlan(row, column);
    }
    if (fixed(row, column)) {
      return false;
    }
    if (mechanism.draw() == BigBird.Draw.UNIFORM) {
      return true;
    }
    // The plan takes block 2 r + 4 for the last one, with what follows from that.
    int last = Math.min(2 * mechanism.random() + 5, blocks()) - 1;
    boolean besideTheLast = row == 1 ? column == last - 1 : row == last - 1 && column == 1;
    return column < last && !besideTheLast;
  }

  /**
   * The old plan cuts its list of blocks 1, 2, ... at places, with places for blocks here and
   * there.
   */
  private boolean inOldPlan(int row, int column) {
    int planned = PLANNED / mechanism.block();
    int last = (DRAWN_FROM > 2 * mechanism.block() ? DRAWN_FROM / mechanism.block() : planned) - 1;
    int place = column - 1;
    if (place < 0 || place >= Math.min(last, planned - 2)) {
      return false;
    }
    if (row <= 2) {
      return place > row;
    }
    boolean whole = row >= planned - 3 || row - 2 > last;
    return whole || place < row - 2 || (place > row && row + 1 != last);
  }

  /** Number of blocks. */
  private int blocks() {
    return Math.ceilDiv(problem.queries(), mechanism.block());
  }

  private boolean dense() {
    return mechanism.denseWhenShort()
        && problem.queries() <= (5L + 2L * mechanism.random()) * mechanism.block();
  }

  private boolean edge(int block) {
    return block == 0 || block == blocks() - 1;
  }

  /** Whether a pair of blocks exists without any draw. */
  private boolean fixed(int row, int column) {
    return dense() || edge(row) || edge(column) || Math.abs(row - column) <= 1;
  }

  /** Whether a block of queries meets a block of keys. */
  boolean meets(int h, int row, int column) {
    return fixed(row, column) || random.count(h, row, column) > 0;
  }

  /** How often it counts in a multiset. */
  private int count(int h, int row, int column) {
    return (fixed(row, column) ? 1 : 0) + (dense() ? 0 : random.count(h, row, column));
  }

  /** As a set of blocks, a map for each head. */
  BlockPlan blockPlan() {
    int blocks = blocks();
    int[] bounds = BlockMask.uniformBounds(problem.queries(), mechanism.block());
    boolean[][][] tables = new boolean[problem.heads()][blocks][blocks];
    for (int h = 0; h < tables.length; h++) {
      for (int row = 0; row < blocks; row++) {
        boolean[] listed = tables[h][row];
        if (dense() || edge(row)) {
          Arrays.fill(listed, true);
        }
        Arrays.fill(listed, Math.max(row - 1, 0), Math.min(row + 2, blocks), true);
        listed[0] = true;
        listed[blocks - 1] = true;
        for (int column : random.of(h, row)) {
          listed[column] = true;
        }
      }
    }
    return new BlockPlan(BlockMask.of(bounds, bounds, tables));
  }

  /** As lists of keys with multiplicities. */
  GatherPlan gatherPlan() {
    int size = mechanism.block();
    KeyRows rows =
        KeyRows.of(
            problem,
            false,
            true,
            (b, h, i, row) -> {
              for (int column = 0; column < blocks(); column++) {
                if (meets(h, i / size, column)) {
                  row.span((long) column * size, (column + 1L) * size);
                }
              }
            });
    return rows.gather((b, h, i, j) -> count(h, i / size, j / size));
  }

  /** Why a block of queries meets a block of keys. */
  String why(int h, int row, int column) {
    if (!meets(h, row, column)) {
      return Mechanism.NOT_ATTENDED;
    }
    if (edge(row)) {
      return "global query block: " + row;
    }
    if (edge(column)) {
      return "global key block: " + column;
    }
    if (Math.abs(row - column) <= 1) {
      return "window: %+d blocks".formatted(column - row);
    }
    return random.count(h, row, column) > 0 ? "random block: " + column : "short sequence";
  }
}
