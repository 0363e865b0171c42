package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A problem as a device wants it: integers that begin with the {@link Header}, floats that go in,
 * and regions for floats that come out.
 *
 * @param problem what was packed
 * @param tiles which tiles meet
 * @param ints header and lists
 * @param pieces arrays and their places in the floats that go in
 * @param floatsIn how many floats go in
 * @param regions the results by name, and the gaps between them
 * @param queryParts shares of the lists by queries; none for a forward pass
 * @param keyParts shares of the lists by keys; none for a forward pass
 */
public record Packed(
    AttentionProblem problem,
    TileLists tiles,
    int[] ints,
    List<Piece> pieces,
    int floatsIn,
    Regions regions,
    Parts queryParts,
    Parts keyParts) {
  /** The results of parts that have slots. */
  public static final Set<String> IN_SLOTS =
      Set.of("dq_parts", "dk_parts", "dv_parts", "query_sums_parts", "key_sums_parts");

  /**
   * A run of floats that goes in.
   *
   * @param at its place
   * @param values the floats, to be read only
   */
  public record Piece(int at, float[] values) {}

  /** For the forward pass. */
  public static Packed forward(AttentionProblem problem, Plan plan) {
    Packer packer = new Packer(problem, plan);
    packer.result("out", Header.RESULT_OUT_AT, problem.outShape().size());
    packer.result("lse", Header.RESULT_LSE_AT, problem.lseShape().size());
    return packer.packed(Parts.NONE, Parts.NONE);
  }

  /** For the backward pass. */
  public static Packed backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    Packer packer = new Packer(problem, plan);
    packer.tensor(Header.OUT_AT, forward.out());
    packer.tensor(Header.LSE_AT, Objects.requireNonNull(forward.lse()));
    packer.tensor(Header.D_OUT_AT, dOut);
    packer.tensor(Header.D_LSE_AT, dLse);
    Parts queryParts = packer.parts(false);
    Parts keyParts = packer.parts(true);
    long querySlots = (long) queryParts.slots() * Tiles.EDGE;
    long keySlots = (long) keyParts.slots() * Tiles.EDGE;
    int rows = problem.lseShape().size();
    long keyRows = (long) problem.batches() * problem.kvHeads() * problem.keys();
    packer.result("delta", Header.DELTA_AT, rows);
    packer.result("dq", Header.DQ_AT, problem.q().size());
    packer.result("dk", Header.DK_AT, keyRows * problem.depth());
    packer.result("dv", Header.DV_AT, keyRows * problem.valueDepth());
    packer.result("query_sums", Header.QUERY_SUMS_AT, rows);
    packer.result(
        "key_sums",
        Header.KEY_SUMS_AT,
        (long) problem.batches() * problem.heads() * problem.keys());
    packer.result("dq_parts", Header.DQ_PARTS_AT, querySlots * problem.depth());
    packer.result("dk_parts", Header.DK_PARTS_AT, keySlots * problem.depth());
    packer.result("dv_parts", Header.DV_PARTS_AT, keySlots * problem.valueDepth());
    packer.result("query_sums_parts", Header.QUERY_SUM_PARTS_AT, querySlots);
    packer.result(
        "key_sums_parts",
        Header.KEY_SUM_PARTS_AT,
        keySlots * (problem.heads() / problem.kvHeads()));
    if (BiasSum.pairwise(problem)) {
      packer.result("dbias", Header.D_BIAS_AT, Objects.requireNonNull(problem.bias()).size());
    }
    return packer.packed(queryParts, keyParts);
  }

  /**
   * Whether a tile of queries, keys and values fits into local memory as a whole, at most 64
   * channels wide, and no pair has a number of its own: no bias, mask, dropout, softcap.
   */
  public static boolean lean(AttentionProblem problem) {
    return problem.depth() <= Tiles.SLAB
        && problem.valueDepth() <= Tiles.SLAB
        && problem.bias() == null
        && problem.mask() == null
        && problem.dropoutKeep() == null
        && problem.softcap() == 0;
  }

  /** Whether lists are shared by several work-groups. */
  public boolean inParts() {
    return queryParts.slots() + keyParts.slots() > 0;
  }

  /** Tiles of queries. */
  public int queryTiles() {
    return Tiles.count(problem.queries());
  }

  /** Tiles of keys. */
  public int keyTiles() {
    return Tiles.count(problem.keys());
  }
}
