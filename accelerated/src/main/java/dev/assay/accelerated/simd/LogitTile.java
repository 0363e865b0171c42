package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * Turns a tile of products {@code scale q . k} into logits {@code softcap(scale q . k) + bias},
 * -inf where a pair is not kept. From here on a logit of -inf is what "masked" means, whatever it
 * came from. In natural units: a bias of the smallest fp32 number is a common way to say "hardly",
 * and times log2 e it would be -inf.
 */
final class LogitTile {
  private final @Nullable Softcap softcap;
  private final @Nullable PairTensor bias;
  private final float queryFactor;

  LogitTile(AttentionProblem problem) {
    this.softcap = problem.softcap() > 0 ? new Softcap(problem.softcap()) : null;
    this.bias = PairTensor.orNull(problem.bias());
    this.queryFactor = (float) problem.scale();
  }

  /** By what queries are multiplied before the products are taken. */
  float queryFactor() {
    return queryFactor;
  }

  /**
   * Whether slopes differ from 1, so that a gradient by a logit has to be multiplied by them to
   * become one by scale q . k.
   */
  boolean hasSlopes() {
    return softcap != null;
  }

  /** Finishes a tile with a row for each query. */
  void byQuery(Matrix s, Place place, long @Nullable [] bits, @Nullable Matrix slopes) {
    int rows = place.queries();
    cap(s, rows, slopes);
    addBias(s, place, rows, place.keys(), false);
    mask(s, rows, bits);
  }

  /** Finishes a tile with a row for each key. */
  void byKey(Matrix s, Place place, long @Nullable [] bits, @Nullable Matrix slopes) {
    int rows = place.keys();
    cap(s, rows, slopes);
    addBias(s, place, rows, place.queries(), true);
    mask(s, rows, bits);
  }

  private void cap(Matrix s, int rows, @Nullable Matrix slopes) {
    if (softcap != null) {
      softcap.apply(s, rows, slopes);
    }
  }

  private void addBias(Matrix s, Place place, int rows, int columns, boolean byKey) {
    if (bias == null) {
      return;
    }
    for (int r = 0; r < rows; r++) {
      int at = byKey ? bias.position(place, 0, r) : bias.position(place, r, 0);
      int step = byKey ? bias.queryStride() : bias.keyStride();
      add(s.values(), s.row(r), bias.tensor().floats(), at, step, columns);
    }
  }

  private static void add(float[] logits, int to, float[] bias, int from, int step, int columns) {
    for (int c = 0; c < columns; c++) {
      float b = bias[from + c * step];
      // Chosen, not added: a masked pair must not pass on a NaN.
      logits[to + c] = b == Float.NEGATIVE_INFINITY ? b : logits[to + c] + b;
    }
  }

  private static void mask(Matrix s, int rows, long @Nullable [] bits) {
    if (bits == null) {
      return;
    }
    float[] logits = s.values();
    for (int r = 0; r < rows; r++) {
      long dropped = ~bits[r];
      for (int c = 0; dropped != 0 && c < EDGE; c += LANES) {
        VectorMask<Float> masked = VectorMask.fromLong(SPECIES, dropped >>> c);
        FloatVector.fromArray(SPECIES, logits, s.row(r) + c)
            .blend(Float.NEGATIVE_INFINITY, masked)
            .intoArray(logits, s.row(r) + c);
      }
    }
  }
}
