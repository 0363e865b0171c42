package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Var;
import dev.assay.engine.Engine;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fused backward formulas against the tape: every element of every gradient of {@code lower} on an
 * fp64 engine against {@code define}, with a cotangent of out only, of lse only, and of both.
 *
 * @param engine an engine that computes in fp64
 */
record Fused(Engine engine) {

  Tally run(Case one, Directions random) {
    Tally tally = new Tally();
    Map<String, Tensor> tensors = new LinkedHashMap<>(one.tensors());
    tensors.keySet().removeAll(List.of("d_out", "d_lse"));
    Map<String, Tensor> results = Evaluation.define(one.mechanism(), tensors).results();
    Tensor dOut = draw("d_out", results.get("out"), random);
    run(one, tensors, Map.of("d_out", dOut), random.seed(), tally);
    Tensor lse = results.get("lse");
    if (lse == null) {
      tally.skip(2, "the mechanism has no log-sum-exp, so no cotangent of it");
      return tally;
    }
    Tensor dLse = draw("d_lse", lse, random);
    run(one, tensors, Map.of("d_lse", dLse), random.seed(), tally);
    run(one, tensors, Map.of("d_out", dOut, "d_lse", dLse), random.seed(), tally);
    return tally;
  }

  private static Tensor draw(String name, @Nullable Tensor like, Directions random) {
    return random.draw(name, 0, List.of(Objects.requireNonNull(like))).getFirst();
  }

  private void run(
      Case one,
      Map<String, Tensor> tensors,
      Map<String, Tensor> cotangents,
      int seed,
      Tally tally) {
    Map<String, Tensor> given = new LinkedHashMap<>(tensors);
    given.putAll(cotangents);
    Evaluation defined = Evaluation.define(one.mechanism(), given);
    Evaluation lowered;
    try {
      lowered = Evaluation.lower(one.mechanism(), given, engine);
    } catch (UnsupportedPlanException unsupported) {
      tally.refuse(String.valueOf(unsupported.getMessage()));
      return;
    }
    List<Var> expected = List.copyOf(defined.gradients().values());
    List<Tolerance[]> tolerances = new Sensitivity(defined.tape(), seed).tolerances(expected);
    int g = 0;
    for (Map.Entry<String, Var> gradient : defined.gradients().entrySet()) {
      Var fused = lowered.gradients().get(gradient.getKey());
      String name = gradient.getKey() + " with " + String.join(" and ", cotangents.keySet());
      Elements.compare(
          name,
          Objects.requireNonNull(fused).value(),
          gradient.getValue().value(),
          tolerances.get(g++),
          tally);
    }
  }
}
