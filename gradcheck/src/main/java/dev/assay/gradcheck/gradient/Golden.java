package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.List;

/** The gradients that the tape gives today against those in the golden files. */
final class Golden {
  private Golden() {}

  static Tally run(GoldenCase one, int seed) {
    Tally tally = new Tally();
    if (!one.backward() || one.expect().isEmpty()) {
      tally.skip(1, "the golden case has no gradients");
      return tally;
    }
    Evaluation defined = Evaluation.define(one.mechanism(), one.inputs());
    defined
        .gradients()
        .forEach(
            (name, gradient) -> {
              Tensor golden = one.expect().get(name);
              if (golden == null) {
                tally.skip(1, "the golden file has no " + name);
              } else {
                Tolerance[] tolerances = tolerances(defined, gradient, golden, seed);
                Elements.compare(name, gradient.value(), golden, tolerances, tally);
              }
            });
    return tally;
  }

  /** Replays in noise are dear, and needless where the bits agree. */
  private static Tolerance[] tolerances(Evaluation defined, Var gradient, Tensor golden, int seed) {
    if (!gradient.value().bitEquals(golden)) {
      return new Sensitivity(defined.tape(), seed).tolerances(List.of(gradient)).getFirst();
    }
    Tolerance[] exact = new Tolerance[golden.size()];
    Arrays.fill(exact, Tolerance.exact("the bits of the golden file"));
    return exact;
  }
}
