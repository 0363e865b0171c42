package dev.assay.mechanism.chunked;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation of keys or values, {@code (x - mean) / sqrt(var + 1e-5) gain + shift}, over
 * the channels of a token: Ba, Kiros and Hinton, "Layer normalization" (2016).
 *
 * @param together whether the channels of all heads are one row, or those of each head
 * @param gain [H d] together, else [d]; 1 if null
 * @param shift as gain; 0 if null
 */
record ChannelNorm(boolean together, @Nullable Var gain, @Nullable Var shift) {
  private static final double EPSILON = 1e-5;

  /** Normalises x [B, H, n, d]. */
  Var of(Var x) {
    Shape shape = x.shape();
    if (!together) {
      return rows(x);
    }
    Shape wide = Shape.of(shape.extent(0), shape.extent(2), shape.extent(1) * shape.extent(3));
    Shape apart = Shape.of(shape.extent(0), shape.extent(2), shape.extent(1), shape.extent(3));
    Var joined = Ops.reshape(Ops.permute(x, 0, 2, 1, 3), wide);
    return Ops.permute(Ops.reshape(rows(joined), apart), 0, 2, 1, 3);
  }

  private Var rows(Var x) {
    Var centred = Ops.sub(x, Composed.mean(x, -1));
    Var variance = Composed.mean(Ops.mul(centred, centred), -1);
    Var y = Ops.div(centred, Ops.sqrt(Ops.shift(variance, EPSILON)));
    Var scaled = gain == null ? y : Ops.mul(y, fitting(gain, x));
    return shift == null ? scaled : Ops.add(scaled, fitting(shift, x));
  }

  private static Var fitting(Var parameter, Var x) {
    Shape wanted = Shape.of(x.shape().extent(-1));
    Require.argument(
        parameter.shape().equals(wanted),
        "a gain or shift of a norm has shape %s: %s is needed for the keys and for the values",
        parameter.shape(),
        wanted);
    return parameter;
  }
}
