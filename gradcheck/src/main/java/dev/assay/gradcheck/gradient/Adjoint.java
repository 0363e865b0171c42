package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.List;

/**
 * Adjoint identity: {@code <w, J u>} by forward rules equals {@code <J^T w, u>} by reverse rules,
 * for random signed w and u over all outputs and inputs together. No step size is involved, so the
 * tolerance is rounding alone.
 *
 * @param draws how many pairs (w, u)
 * @param rule the forward rules
 */
record Adjoint(int draws, Tangent.Rule rule) implements SubjectCheck {
  private static final double ROUNDOFF = 0x1p-53;

  /** Each cotangent rule is a handful of ops; each rounds about as often as the forward rule. */
  private static final double OPS_PER_RULE = 4;

  /** Roundings of an elementary function or a quotient rule, on top of its longest sum. */
  private static final double ROUNDINGS = 8;

  Adjoint(int draws) {
    this(draws, Tangent::primitive);
  }

  @Override
  public Way way() {
    return Way.ADJOINT;
  }

  @Override
  public Tally run(Subject subject, Directions directions) {
    Tally tally = new Tally();
    Recording recording = subject.record();
    List<Node> nodes = List.copyOf(recording.tape().nodes());
    List<Var> all = new ArrayList<>(recording.inputs());
    nodes.forEach(node -> all.addAll(node.outputs()));
    for (int draw = 0; draw < draws; draw++) {
      List<Tensor> w = directions.draw("w", draw, Recording.values(recording.outputs()));
      List<Tensor> u = directions.draw("u", draw, subject.point());
      List<Tensor> cotangents = recording.gradients(w, all);
      Tangent tangent = Tangent.along(nodes, recording.inputs(), u, rule);
      List<Tensor> ju = recording.outputs().stream().map(tangent::of).toList();
      double forward = Products.inner(w, ju);
      double reverse = Products.inner(cotangents.subList(0, u.size()), u);
      if (!Double.isFinite(forward) && !Double.isFinite(reverse)) {
        tally.refuse("draw " + draw + ": derivatives are not finite there");
        continue;
      }
      double rounding = rounding(nodes, tangent, cotangents.subList(u.size(), all.size()));
      double terms =
          Products.magnitude(w, ju) + Products.magnitude(cotangents.subList(0, u.size()), u);
      Tolerance tolerance =
          new Tolerance(
              rounding + ROUNDOFF * longest(all) * terms,
              0,
              "first-order rounding of both walks: every value's cotangent times its tangent");
      tally.compare("<J^T w, u> against <w, J u>, draw " + draw, reverse, forward, tolerance);
    }
    return tally;
  }

  /**
   * To first order a relative error e in the tangent t of a value with cotangent c changes {@code
   * <w, J u>} by e c t, and one in the cotangent changes {@code <J^T w, u>} likewise. The largest
   * element stands in for all, because terms may cancel inside an op.
   */
  private static double rounding(List<Node> nodes, Tangent tangent, List<Tensor> cotangents) {
    double sum = 0;
    int value = 0;
    for (Node node : nodes) {
      for (Var output : node.outputs()) {
        Tensor t = tangent.of(output);
        Tensor c = cotangents.get(value++);
        double spread = Products.sum(c) * Products.max(t) + Products.max(c) * Products.sum(t);
        sum += (ROUNDINGS + terms(node)) * spread;
      }
    }
    return OPS_PER_RULE * ROUNDOFF * sum;
  }

  /** An upper bound of the number of terms that the op adds up for one element. */
  private static double terms(Node node) {
    double most = 1;
    int out = Math.max(1, node.outputs().getFirst().shape().size());
    for (Var input : node.inputs()) {
      most = Math.max(most, (double) input.shape().size() / out);
      for (int extent : input.shape().toArray()) {
        most = Math.max(most, extent);
      }
    }
    return most;
  }

  private static double longest(List<Var> vars) {
    return vars.stream().mapToInt(var -> var.shape().size()).max().orElse(1);
  }
}
