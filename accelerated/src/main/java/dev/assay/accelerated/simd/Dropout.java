package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A given dropout mask: kept pairs weigh {@code 1 / (1 - rate)}, dropped ones nothing, and nothing
 * that a dropped pair holds, be it NaN, is passed on.
 */
final class Dropout {
  private final PairTensor keep;
  private final float factor;

  private Dropout(PairTensor keep, double factor) {
    this.keep = keep;
    this.factor = (float) factor;
  }

  static @Nullable Dropout orNull(AttentionProblem problem) {
    Tensor keep = problem.dropoutKeep();
    return keep == null ? null : new Dropout(PairTensor.of(keep), problem.dropoutFactor());
  }

  /**
   * Weighs a tile with a row for each query.
   *
   * @param logits if not null, a tile where dropped pairs become -inf
   */
  void byQuery(Matrix tile, Place place, @Nullable Matrix logits) {
    weigh(tile, place, logits, false);
  }

  /** Weighs a tile with a row for each key. */
  void byKey(Matrix tile, Place place, @Nullable Matrix logits) {
    weigh(tile, place, logits, true);
  }

  private void weigh(Matrix tile, Place place, @Nullable Matrix logits, boolean byKey) {
    float[] values = tile.values();
    int rows = byKey ? place.keys() : place.queries();
    int columns = byKey ? place.queries() : place.keys();
    int step = byKey ? keep.queryStride() : keep.keyStride();
    for (int r = 0; r < rows; r++) {
      int at = byKey ? keep.position(place, 0, r) : keep.position(place, r, 0);
      for (int c = 0; c < columns; c++) {
        boolean kept = keep.tensor().get(at + c * step) != 0;
        values[tile.row(r) + c] = kept ? factor * values[tile.row(r) + c] : 0;
        if (!kept && logits != null) {
          logits.values()[logits.row(r) + c] = Float.NEGATIVE_INFINITY;
        }
      }
    }
  }
}
