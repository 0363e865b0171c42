package dev.assay.mechanism.fixed;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which pairs exist in a {@link BlockLocal}.
 *
 * @param mechanism sizes and readings
 * @param problem lengths, offsets and masks
 */
record LocalBlocks(BlockLocal mechanism, AttentionProblem problem) {

  /** Whether query i is key i for all batch entries. */
  static boolean plain(AttentionProblem problem) {
    boolean plain = problem.queries() == problem.keys();
    for (int b = 0; b < problem.batches(); b++) {
      plain &= problem.offset(b) == 0;
    }
    return plain;
  }

  /** The position of a query among the keys. */
  private long position(int b, int i) {
    return (long) i + problem.offset(b);
  }

  /** Whether a query meets a key. */
  boolean meets(int b, int h, int i, int j) {
    return near(b, i, j) && (!mechanism.sharedQk() || j != position(b, i) || alone(b, h, i));
  }

  private boolean near(int b, int i, int j) {
    int size = mechanism.block();
    long away = j / size - Math.floorDiv(position(b, i), size);
    if (!mechanism.circular()) {
      return -mechanism.before() <= away && away <= mechanism.blocksAfter();
    }
    int blocks = Math.ceilDiv(problem.keys(), size);
    return Math.floorMod(away, blocks) <= mechanism.blocksAfter()
        || Math.floorMod(-away, blocks) <= mechanism.before();
  }

  /** Whether a query has no key but its own. */
  private boolean alone(int b, int h, int i) {
    for (int j = 0; j < problem.keys(); j++) {
      if (j != position(b, i) && near(b, i, j) && KeepMask.exists(problem, b, h, i, j)) {
        return false;
      }
    }
    return true;
  }

  /** As chunks where that can be said, else as blocks with bits. */
  Plan plan() {
    int size = mechanism.block();
    boolean shared = mechanism.sharedQk();
    if (plain(problem) && !shared) {
      return new ChunkPlan(size, true, List.of(neighbours()));
    }
    return KeyRows.of(
            problem,
            shared || !KeyRows.sameOffsets(problem),
            false,
            (b, h, i, row) -> list(b, h, i, row))
        .blocks(Math.clamp(size, 16, 64));
  }

  private void list(int b, int h, int i, KeyRows.Row row) {
    long size = mechanism.block();
    long position = position(b, i);
    long own = Math.floorDiv(position, size);
    if (mechanism.circular()) {
      for (int other : neighbours().get((int) own)) {
        row.span(other * size, (other + 1) * size);
      }
      row.span(own * size, (own + 1) * size);
    } else {
      row.span((own - mechanism.before()) * size, (own + mechanism.blocksAfter() + 1) * size);
    }
    if (mechanism.sharedQk() && position >= 0 && position < row.keys() && !alone(b, h, i)) {
      row.set().clear((int) position);
    }
  }

  private List<int[]> neighbours() {
    int blocks = Math.ceilDiv(problem.keys(), mechanism.block());
    List<int[]> neighbours = new ArrayList<>();
    for (int own = 0; own < blocks; own++) {
      TreeSet<Integer> met = new TreeSet<>();
      for (int step = 1; step <= Math.min(mechanism.before(), blocks); step++) {
        add(met, own - step, blocks);
      }
      for (int step = 1; step <= Math.min(mechanism.blocksAfter(), blocks); step++) {
        add(met, own + step, blocks);
      }
      met.remove(own);
      neighbours.add(met.stream().mapToInt(Integer::intValue).toArray());
    }
    return neighbours;
  }

  private void add(TreeSet<Integer> met, int other, int blocks) {
    if (mechanism.circular()) {
      met.add(Math.floorMod(other, blocks));
    } else if (other >= 0 && other < blocks) {
      met.add(other);
    }
  }

  /** Why a query meets a key. */
  String why(int b, int h, int i, int j) {
    if (!KeepMask.exists(problem, b, h, i, j) || !meets(b, h, i, j)) {
      return Mechanism.NOT_ATTENDED;
    }
    int size = mechanism.block();
    long away = j / size - Math.floorDiv(position(b, i), size);
    if (away == 0) {
      return "own block: " + j / size;
    }
    boolean around = away < -mechanism.before() || away > mechanism.blocksAfter();
    return around ? "around the end: block " + j / size : "neighbour: %+d".formatted(away);
  }
}
