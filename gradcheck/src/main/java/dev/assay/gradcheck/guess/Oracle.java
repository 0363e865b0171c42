package dev.assay.gradcheck.guess;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes a case again under changed assumptions, by {@link Mechanism#define}; long cases by
 * {@link Mechanism#lower} on the fp64 engine, which gives the same within rounding. Answers are
 * kept, since every failing tensor of a case asks for the same ones.
 */
public final class Oracle {
  /** Query-key pairs over all heads above which ops alone take too long for a guess. */
  private static final long LONG = 1L << 18;

  /** Pairs above which nothing is computed again. */
  private static final long TOO_LONG = 1L << 24;

  private final GoldenCase golden;
  private final Map<String, Optional<Map<String, Tensor>>> known = new HashMap<>();
  private @Nullable Evaluation lowered;

  /** For the failures of one case. */
  public Oracle(GoldenCase golden) {
    this.golden = golden;
  }

  /**
   * The results of a changed case by name.
   *
   * @param assumption what was changed, in words that name nothing else
   * @return empty if the changed inputs do not make sense or it would take too long
   */
  Optional<Map<String, Tensor>> results(
      String assumption, Mechanism mechanism, Map<String, Tensor> inputs) {
    return known.computeIfAbsent(assumption, _ -> compute(mechanism, inputs));
  }

  private Optional<Map<String, Tensor>> compute(Mechanism mechanism, Map<String, Tensor> inputs) {
    long pairs = pairs();
    if (pairs > TOO_LONG) {
      return Optional.empty();
    }
    try {
      Evaluation evaluation =
          pairs > LONG
              ? Evaluation.lower(mechanism, inputs, new ScalarEngine())
              : Evaluation.define(mechanism, inputs);
      return Optional.of(evaluation.results());
    } catch (IllegalArgumentException senseless) {
      return Optional.empty();
    }
  }

  /** The inputs with one of them replaced, or left out if it is null. */
  Map<String, Tensor> with(String name, @Nullable Tensor value) {
    Map<String, Tensor> changed = new LinkedHashMap<>(golden.inputs());
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return changed;
  }

  /** The run of a plan whose output is the case's output as it stands, or null if there is none. */
  @Nullable Attend attention() {
    Evaluation evaluation = lowered();
    Var out = evaluation.answer().out();
    for (Node node : evaluation.tape().nodes()) {
      if (node.op() instanceof Attend run && node.outputs().getFirst() == out) {
        return run;
      }
    }
    return null;
  }

  private Evaluation lowered() {
    Evaluation evaluation = lowered;
    if (evaluation == null) {
      evaluation = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
      lowered = evaluation;
    }
    return evaluation;
  }

  private long pairs() {
    Tensor q = golden.inputs().get("q");
    Tensor k = golden.inputs().get("k");
    if (q == null || k == null || q.shape().rank() != 4 || k.shape().rank() != 4) {
      return TOO_LONG + 1;
    }
    long rows = (long) q.shape().extent(0) * q.shape().extent(1) * q.shape().extent(2);
    return rows * k.shape().extent(2);
  }
}
