package dev.assay.gradcheck.guess;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.op.Mul;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /**
   * The problem and plan, over the tensors that they were run on, whose output is the case's output
   * as it stands; null if there is none.
   */
  @Nullable Branch attention() {
    Softmax found = softmax();
    return found == null || found.factor != null ? null : found.attention;
  }

  /**
   * A run of a plan that the case's output comes from.
   *
   * @param attention problem and plan over the tensors that they were run on
   * @param factor by which its output is multiplied, element by element, or null for none
   */
  public record Softmax(Branch attention, @Nullable Tensor factor) {}

  /** The run whose output, or a product with it, is the case's output; null if there is none. */
  public @Nullable Softmax softmax() {
    Evaluation evaluation = lowered();
    Var out = evaluation.answer().out();
    Node product = null;
    for (Node node : evaluation.tape().nodes()) {
      boolean last = node.outputs().getFirst() == out;
      product = last && node.op() instanceof Mul ? node : product;
    }
    for (Node node : evaluation.tape().nodes()) {
      if (node.op() instanceof Attend run) {
        Var own = node.outputs().getFirst();
        boolean multiplied = product != null && product.inputs().contains(own);
        if (own == out || multiplied) {
          Tensor factor = multiplied ? other(Objects.requireNonNull(product), own) : null;
          List<Tensor> held = node.inputs().stream().map(Var::value).toList();
          return new Softmax(Slots.rebind(run.problem(), run.plan(), held), factor);
        }
      }
    }
    return null;
  }

  private static Tensor other(Node product, Var own) {
    return product.inputs().get(product.inputs().getFirst() == own ? 1 : 0).value();
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
