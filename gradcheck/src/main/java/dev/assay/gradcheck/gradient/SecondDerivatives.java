package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * The gradient of {@code <w, f>} is itself a recorded function: its own derivatives are judged by
 * adjoint identity (the Hessian is applied forwards over reverse and reverse over reverse) and by
 * finite differences of the gradient.
 *
 * @param draws pairs for the adjoint identity
 * @param directions directions for the differences
 * @param rule the forward rules
 */
record SecondDerivatives(int draws, int directions, Tangent.Rule rule) implements SubjectCheck {
  SecondDerivatives(int draws, int directions) {
    this(draws, directions, Tangent::primitive);
  }

  @Override
  public Way way() {
    return Way.SECOND;
  }

  @Override
  public Tally run(Subject subject, Directions random) {
    List<Tensor> w = random.draw("w", 0, Recording.values(subject.record().outputs()));
    Subject gradient = subject.gradient(w);
    Tally tally = new Adjoint(draws, rule).run(gradient, random);
    tally.add(new Differences(directions, 0).run(gradient, random));
    return tally;
  }
}
