package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.RotaryAngles.Position;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Projections, norms and rotations of small gates, each written where several gates have it. */
final class GateLayer {
  private static final double EPS = 1e-6;

  private GateLayer() {}

  /**
   * The same inputs on a tape of their own, for a choice by value: what it reads is not part of the
   * recorded function.
   */
  static Inputs apart(Mechanism mechanism, Inputs inputs) {
    Map<String, Tensor> values = new HashMap<>();
    inputs.all().forEach((name, var) -> values.put(name, var.value()));
    return Inputs.on(new Tape(), mechanism, values);
  }

  /** The tensor of a gate itself, or the one of the attention. */
  static Var orElse(Inputs inputs, String own, String shared) {
    Var given = inputs.find(own);
    Var common = inputs.var(shared);
    if (given == null) {
      return common;
    }
    Require.argument(
        given.shape().equals(common.shape()),
        "%s has shape %s: that of %s is needed, %s",
        own,
        given.shape(),
        shared,
        common.shape());
    return given;
  }

  /** {@code x_h W_h}: x [B, H, n, c] and W [H, c, m] give [B, H, n, m]. */
  static Var perHead(Var x, Var weights, String name) {
    Shape shape = x.shape();
    Shape given = weights.shape();
    Require.argument(
        given.rank() == 3
            && given.extent(0) == shape.extent(1)
            && given.extent(1) == shape.extent(3),
        "%s has shape %s: [%d, %d, any] is needed",
        name,
        given,
        shape.extent(1),
        shape.extent(3));
    Shape all = Shape.of(shape.extent(0), given.extent(0), given.extent(1), given.extent(2));
    return Ops.matMul(x, Ops.broadcast(weights, all));
  }

  /** RMSNorm with the given gain, or x itself without one. */
  static Var normed(Var x, Inputs inputs, String gain) {
    Var given = inputs.find(gain);
    if (given == null) {
      return x;
    }
    Require.argument(
        given.shape().equals(Shape.of(x.shape().extent(-1))),
        "%s has shape %s: [%d] is needed",
        gain,
        given.shape(),
        x.shape().extent(-1));
    return Ops.mul(Composed.rmsNorm(x, EPS), given);
  }

  /** Turns the first {@code dim} channels, one fewer if that is odd. */
  static Var turned(Var x, GateRope rope, double theta, int dim, Position position) {
    int all = x.shape().extent(3);
    Require.argument(dim <= all, "ropeDim is %d, but a gate has %d channels", dim, all);
    int even = dim - dim % 2;
    if (rope == GateRope.NONE || even == 0) {
      return x;
    }
    Rotary.Layout layout = rope == GateRope.HALF ? Rotary.Layout.HALF : Rotary.Layout.INTERLEAVED;
    Var head = Ops.slice(x, 3, 0, even);
    Var turned = new RotaryAngles(layout, theta, even, null, null).turn(head, position);
    return all == even ? turned : Ops.concat(3, turned, Ops.slice(x, 3, even, all));
  }

  /** {@code scale a_i . b_j} for kept pairs, 0 elsewhere. */
  static Var logits(Var a, Var b, Tensor keep, double scale) {
    return Ops.scale(Ops.sddmm(a, Ops.transpose(b), keep), scale);
  }
}
