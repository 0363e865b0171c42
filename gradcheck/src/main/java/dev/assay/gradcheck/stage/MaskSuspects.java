package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.GatherPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Masks that are not what they should be, as far as they have nothing to choose. */
final class MaskSuspects {
  private static final int[] TILES = {1, 2, 4, 8, 16, 32, 64, 128};

  private MaskSuspects() {}

  static List<Suspect> of(AttentionProblem problem) {
    List<Suspect> all = new ArrayList<>();
    for (int tile : TILES) {
      int zeros = Math.ceilDiv(problem.keys(), tile) * tile - problem.keys();
      String behind = zeros == 0 ? "" : ", in tiles of " + tile;
      if (zeros > 0) {
        String tail = "tail mask: keys behind the last key block count";
        all.add(new Suspect(Stage.MASK, tail + behind, row -> zeros(row, row.right(), zeros, 0)));
      }
      if (tile == 1 || zeros > 0) {
        all.add(masked("a masked logit is 0" + behind, zeros, (_, _) -> 0));
        all.add(masked("a masked logit is -50000" + behind, zeros, (_, _) -> -5e4));
        all.add(masked("a masked logit is -10000" + behind, zeros, (_, _) -> -1e4));
        all.add(masked("a masked logit is a huge number" + behind, zeros, (_, _) -> -1e30));
        all.add(masked("a mask subtracts 10" + behind, zeros, (row, j) -> less(row, j, 10)));
        all.add(masked("a mask subtracts 10000" + behind, zeros, (row, j) -> less(row, j, 10_000)));
      }
    }
    all.add(keys("nothing is masked", (row, j) -> visited(row, j)));
    all.add(
        keys(
            "the boolean mask is not looked at",
            (row, j) -> {
              int[] range = row.problem().keyRange(row.batch(), row.query());
              return j >= range[0] && j < range[1] && visited(row, j);
            }));
    all.addAll(FrontierSuspects.of(problem));
    if (problem.mask() != null) {
      all.add(other("the mask of the first head serves all", true, false, false));
      all.add(other("the mask of the first batch entry serves all", false, true, false));
      all.add(other("the mask of the first query serves all", false, false, true));
    }
    all.add(
        new Suspect(
            Stage.MASK,
            "a key that is listed several times weighs once",
            row -> row.softmax(j -> row.met(j) ? row.logit(j) - row.logCount(j) : row.logit(j))));
    return all;
  }

  private interface Masked {
    double logit(Row row, int j);
  }

  private interface Keep {
    boolean of(Row row, int j);
  }

  /** The logit of a pair; zero behind the tensor. */
  private static double unmasked(Row row, int j) {
    return j < row.keys() ? row.unmasked(j) : 0;
  }

  /** In binary32, as it is done: a large number takes the last places of the logit away. */
  private static double less(Row row, int j, float mask) {
    return (float) unmasked(row, j) - mask;
  }

  private static Suspect masked(String what, int zeros, Masked masked) {
    return new Suspect(
        Stage.MASK,
        what,
        row -> {
          IntToDoubleFunction logit =
              j ->
                  row.met(j)
                      ? row.logit(j)
                      : visited(row, j) ? masked.logit(row, j) : Double.NEGATIVE_INFINITY;
          return zeros(row, row.softmax(logit), zeros, masked.logit(row, row.keys()));
        });
  }

  /** A result with keys of a logit behind the tensor, whose values are zero. */
  static RowResult zeros(Row row, RowResult result, int count, double logit) {
    if (count == 0) {
      return result;
    }
    double max = Math.max(result.lse(), logit);
    double sum =
        StrictMath.exp(result.lse() - max) + count * StrictMath.exp(Math.max(logit, -1e300) - max);
    double lse = max + StrictMath.log(sum);
    double share =
        result.lse() == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(result.lse() - lse);
    return result.times(share).withLse(lse);
  }

  private static Suspect keys(String what, Keep keep) {
    return new Suspect(
        Stage.MASK,
        what,
        row ->
            row.problem().paging() != null
                ? null
                : row.softmax(
                    j ->
                        row.met(j)
                            ? row.logit(j)
                            : keep.of(row, j) ? row.unmasked(j) : Double.NEGATIVE_INFINITY));
  }

  private static Suspect other(String what, boolean head, boolean batch, boolean query) {
    return new Suspect(
        Stage.MASK,
        what,
        row ->
            row.softmax(
                j -> {
                  int b = batch ? 0 : row.batch();
                  int h = head ? 0 : row.head();
                  int i = query ? 0 : row.query();
                  int[] range = row.problem().keyRange(row.batch(), row.query());
                  boolean in = j >= range[0] && j < range[1] && visited(row, j);
                  return in && row.problem().admits(b, h, i, j)
                      ? row.unmasked(j)
                      : Double.NEGATIVE_INFINITY;
                }));
  }

  /** Whether the plan lists key j for the row, whatever the predicates say. */
  static boolean visited(Row row, int j) {
    AttentionProblem problem = row.problem();
    if (problem.paging() != null) {
      return row.met(j);
    }
    return switch (row.evidence().plan()) {
      case BlockPlan blocks -> {
        int block = blocks.mask().queryBlock(row.query());
        boolean listed = false;
        var rows = blocks.mask().rows(row.batch(), row.head(), problem.heads());
        for (int e = rows.rowPtr()[block]; e < rows.rowPtr()[block + 1]; e++) {
          int column = rows.colIdx()[e];
          listed |= j >= blocks.mask().keyBound(column) && j < blocks.mask().keyBound(column + 1);
        }
        yield listed;
      }
      case ChunkPlan chunks -> {
        int own = row.query() / chunks.size();
        boolean listed = chunks.own() && j / chunks.size() == own;
        for (int chunk : chunks.neighbours(row.batch(), row.head(), problem.heads(), own)) {
          listed |= j / chunks.size() == chunk;
        }
        yield listed;
      }
      case GatherPlan _ -> row.met(j);
      default -> true;
    };
  }
}
