package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.List;
import java.util.Map;

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
    List<Tolerance[]> tolerances =
        new Sensitivity(defined.tape(), seed).tolerances(List.copyOf(defined.gradients().values()));
    int g = 0;
    for (Map.Entry<String, Var> gradient : defined.gradients().entrySet()) {
      Tensor golden = one.expect().get(gradient.getKey());
      if (golden == null) {
        tally.skip(1, "the golden file has no " + gradient.getKey());
      } else {
        Elements.compare(
            gradient.getKey(), gradient.getValue().value(), golden, tolerances.get(g), tally);
      }
      g++;
    }
    return tally;
  }
}
