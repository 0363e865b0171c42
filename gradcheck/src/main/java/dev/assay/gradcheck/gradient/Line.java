package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * {@code phi(t) = <w, f(x + t u)>} on the surrogate graph, with every discrete choice as it was at
 * x. Outputs that are infinite at x (the log-sum-exp of an empty row) are left out.
 */
final class Line {
  private final Subject subject;
  private final List<Node> base;
  private final List<Tensor> outputs;
  private final List<Tensor> w;
  private final List<Tensor> u;
  private final double magnitude;
  private double crossing = Double.POSITIVE_INFINITY;

  Line(Subject subject, Recording recording, List<Node> base, List<Tensor> w, List<Tensor> u) {
    this.subject = subject;
    this.base = base;
    this.outputs = Recording.values(recording.outputs());
    this.w = w;
    this.u = u;
    this.magnitude = Products.magnitude(w, outputs);
  }

  /**
   * The value there, or NaN if a choice would fall otherwise there, which {@link #crossing}
   * remembers.
   */
  double at(double t) {
    Recording there = subject.record(t, u);
    List<Node> nodes = there.tape().nodes();
    if (!Kinks.agree(base, nodes)) {
      crossing = Math.min(crossing, Math.abs(t));
      return Double.NaN;
    }
    return Products.inner(w, Surrogate.outputs(base, nodes, there.outputs()), outputs);
  }

  /** The least |t| at which a choice was seen to fall otherwise; infinite if none was. */
  double crossing() {
    return crossing;
  }

  /** {@code sum |w f(x)|}: what rounding errors of phi are relative to. */
  double magnitude() {
    return magnitude;
  }

  /** What the rounding of two values of phi does to their difference over a step. */
  double rounding(double step) {
    return 0x1p-53 * magnitude / step;
  }
}
