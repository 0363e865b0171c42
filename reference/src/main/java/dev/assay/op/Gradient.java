package dev.assay.op;

import dev.assay.autograd.Backward;
import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Gradients of recorded values; they are recorded themselves, so gradients of gradients work. */
public final class Gradient {
  private static final Backward BACKWARD =
      new Backward(Ops::add, x -> x.tape().leaf("zeros", Tensor.zeros(x.shape())));

  private Gradient() {}

  /**
   * The gradients of {@code sum_o <cotangents_o, outputs_o>} with respect to each of {@code wrt};
   * zeros where nothing depends.
   */
  public static List<Var> of(List<Var> outputs, List<Var> cotangents, List<Var> wrt) {
    return BACKWARD.run(outputs, cotangents, wrt);
  }
}
