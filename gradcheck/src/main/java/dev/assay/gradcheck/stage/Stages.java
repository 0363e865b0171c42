package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names the stage that is wrong, from results alone. Every stage has faults that are plausible, and
 * some have numbers that can be solved for; each is put into a model of the case in fp64, and the
 * stage is named whose fault gives the values that were handed in, within their bounds, and leaves
 * right values right. What comes later is judged only if all before it is right: a choice, then the
 * output and the LSE, then the gradients.
 */
public final class Stages {
  private Stages() {}

  /** The stage of a case; empty if all that was handed in passes. */
  public static Optional<Attribution> of(GoldenCase golden, List<Comparison> compared) {
    return compared.stream().allMatch(Comparison::passes)
        ? Optional.empty()
        : Optional.of(of(golden, compared, new Oracle(golden)));
  }

  /**
   * The stage of a failing case.
   *
   * @param compared all tensors that were handed in; one at least fails
   */
  public static Attribution of(GoldenCase golden, List<Comparison> compared, Oracle oracle) {
    Map<String, Comparison> byName = new LinkedHashMap<>();
    compared.forEach(each -> byName.put(each.tensor(), each));
    Set<String> known = new TreeSet<>(List.of("out", "lse"));
    golden.mechanism().tensors().stream().map(TensorSpec::gradient).forEach(known::add);
    for (Comparison each : compared) {
      if (!known.contains(each.tensor()) && !each.passes()) {
        String what = "the choice " + each.tensor() + " is another one";
        return new Attribution(Stage.SELECTION, what, Places.of(each), 1, -1);
      }
    }
    Attribution rounded = Signature.rounding(byName);
    if (rounded != null) {
      return rounded;
    }
    Evidence evidence = Evidence.of(golden, compared, oracle);
    boolean forward = fails(byName, "out") || fails(byName, "lse");
    if (!forward) {
      return BackwardStages.find(evidence, byName);
    }
    Attribution found = evidence == null ? null : new ForwardStages(evidence).find();
    if (found != null && !(found.stage() == Stage.MASK && slight(compared))) {
      return found;
    }
    Comparison out = byName.get(fails(byName, "out") ? "out" : "lse");
    return Attribution.none(out == null ? "" : Places.of(out));
  }

  /**
   * Whether nothing is twice as far off as it may be. Among the keys of a row some can nearly
   * always be left out so that such an error is explained: too little to say that they were.
   */
  private static boolean slight(List<Comparison> compared) {
    return compared.stream()
        .filter(each -> !each.passes())
        .allMatch(each -> each.ratio(each.worst(1).getFirst()) < 2);
  }

  private static boolean fails(Map<String, Comparison> compared, String name) {
    Comparison each = compared.get(name);
    return each != null && !each.passes();
  }
}
