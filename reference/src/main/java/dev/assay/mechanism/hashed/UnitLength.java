package dev.assay.mechanism.hashed;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;

/** Rows brought to length 1. */
final class UnitLength {
  private UnitLength() {}

  /** {@code x / max(|x|, eps)} over the last axis; a row shorter than eps is divided by eps. */
  static Var of(Var x, double eps) {
    Var squares = Ops.sum(Ops.mul(x, x), -1);
    Tensor value = squares.value();
    Tensor longEnough = KeepMask.where(value.shape(), at -> !(value.at(at) < eps * eps));
    Tensor rest = Tensor.generate(value.shape(), p -> longEnough.get(p) != 0 ? 0 : eps * eps);
    Var floored = Ops.add(Ops.select(squares, longEnough), Ops.constant(x.tape(), rest));
    return Ops.div(x, Ops.sqrt(floored));
  }
}
