package dev.assay.gradcheck.stage;

import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import java.util.ArrayList;
import java.util.List;

/** Sums over tiles of keys that are not brought to one maximum: while a row is run, or joined. */
final class RescaleSuspects {
  private static final int[] TILES = {1, 2, 4, 8, 16, 32, 64, 128};
  private static final int[] SPLITS = {2, 3, 4, 8};

  private RescaleSuspects() {}

  /** What a sum over earlier tiles is multiplied by. */
  private interface Weight {
    double of(double own, double max);
  }

  /** Keys of a row that are summed together: their maximum, sum and weighted values. */
  private record Part(double max, double sum, double[] acc) {}

  static List<Suspect> all() {
    List<Suspect> all = new ArrayList<>();
    for (int tile : TILES) {
      String of = ", tiles of " + tile;
      all.add(rescaling("nothing is rescaled when the maximum rises" + of, tile, false, false));
      all.add(rescaling("only the sum is rescaled when the maximum rises" + of, tile, true, false));
      all.add(
          rescaling("only the output is rescaled when the maximum rises" + of, tile, false, true));
      for (int splits : SPLITS) {
        String parts = ", %d parts of tiles of %d".formatted(splits, tile);
        all.add(joined("parts are joined in base 2" + parts, tile, splits, RescaleSuspects::two));
        all.add(joined("parts are added without weights" + parts, tile, splits, (_, _) -> 1));
        all.add(
            joined(
                "parts are weighted inversely" + parts,
                tile,
                splits,
                (own, max) -> StrictMath.exp(max - own)));
      }
    }
    return all;
  }

  private static double two(double own, double max) {
    return StrictMath.pow(2, own - max);
  }

  private static Suspect rescaling(String what, int tile, boolean sums, boolean outputs) {
    return new Suspect(
        Stage.RESCALE,
        what,
        row -> {
          double max = Double.NEGATIVE_INFINITY;
          double sum = 0;
          double[] acc = new double[row.problem().valueDepth()];
          for (List<Integer> keys : tiles(row, tile)) {
            Part part = part(row, keys);
            double higher = Math.max(max, part.max);
            double before = max == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(max - higher);
            double own = StrictMath.exp(part.max - higher);
            sum = sum * (sums ? before : 1) + own * part.sum;
            for (int c = 0; c < acc.length; c++) {
              acc[c] = acc[c] * (outputs ? before : 1) + own * part.acc[c];
            }
            max = higher;
          }
          return row.empty() ? row.right() : result(max, sum, acc);
        });
  }

  private static RowResult result(double max, double sum, double[] acc) {
    return new RowResult(acc, max + StrictMath.log(sum)).times(1 / sum);
  }

  private static Suspect joined(String what, int tile, int splits, Weight weight) {
    return new Suspect(
        Stage.RESCALE,
        what,
        row -> {
          List<Part> parts = parts(row, tile, splits);
          if (parts.size() < 2) {
            return row.right();
          }
          double max = parts.stream().mapToDouble(Part::max).max().orElse(0);
          double sum = 0;
          double[] acc = new double[row.problem().valueDepth()];
          for (Part part : parts) {
            double w = weight.of(part.max, max);
            sum += w * part.sum;
            for (int c = 0; c < acc.length; c++) {
              acc[c] += w * part.acc[c];
            }
          }
          return result(max, sum, acc);
        });
  }

  /** The parts that have a key. */
  private static List<Part> parts(Row row, int tile, int splits) {
    List<List<Integer>> tiles = allTiles(row, tile);
    List<Part> parts = new ArrayList<>();
    for (int s = 0; s < splits; s++) {
      List<Integer> keys = new ArrayList<>();
      int end = Math.ceilDiv(tiles.size() * (s + 1), splits);
      tiles.subList(Math.ceilDiv(tiles.size() * s, splits), end).forEach(keys::addAll);
      if (!keys.isEmpty()) {
        parts.add(part(row, keys));
      }
    }
    return parts;
  }

  private static Part part(Row row, List<Integer> keys) {
    double max = keys.stream().mapToDouble(row::logit).max().orElse(Double.NEGATIVE_INFINITY);
    double sum = 0;
    double[] acc = new double[row.problem().valueDepth()];
    for (int j : keys) {
      double p = StrictMath.exp(row.logit(j) - max);
      sum += p;
      row.add(acc, p * row.keep(j), row.keyRow(j));
    }
    return new Part(max, sum, acc);
  }

  /** The met keys of a row by tiles, without tiles that have none. */
  private static List<List<Integer>> tiles(Row row, int tile) {
    return allTiles(row, tile).stream().filter(keys -> !keys.isEmpty()).toList();
  }

  /** The met keys of a row by the tiles that the plan visits; tiles begin anew at every block. */
  private static List<List<Integer>> allTiles(Row row, int tile) {
    List<List<Integer>> tiles = new ArrayList<>();
    int last = -1;
    for (int j = 0; j < row.keys(); j++) {
      if (MaskSuspects.visited(row, j)) {
        int number = number(row, j, tile);
        if (number != last) {
          tiles.add(new ArrayList<>());
          last = number;
        }
        if (row.met(j)) {
          tiles.getLast().add(j);
        }
      }
    }
    return tiles;
  }

  private static int number(Row row, int j, int tile) {
    int begin =
        switch (row.evidence().plan()) {
          case BlockPlan blocks -> begin(blocks, j);
          case ChunkPlan chunks -> j / chunks.size() * chunks.size();
          default -> 0;
        };
    return begin + (j - begin) / tile * tile;
  }

  private static int begin(BlockPlan blocks, int j) {
    int begin = 0;
    for (int block = 0; block < blocks.mask().keyBlocks(); block++) {
      int from = blocks.mask().keyBound(block);
      begin = from <= j ? from : begin;
    }
    return begin;
  }
}
