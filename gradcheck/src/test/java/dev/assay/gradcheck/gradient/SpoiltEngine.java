package dev.assay.gradcheck.gradient;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The scalar engine with one fault in its backward pass. */
record SpoiltEngine(Fault fault) implements Engine {
  private static final ScalarEngine RIGHT = new ScalarEngine();

  /** What is wrong. */
  enum Fault {
    /** Nothing. */
    NONE(""),
    /** dv of the last key is lost. */
    LAST_DV_LOST("dv"),
    /** dk is too large by one part in a thousand million. */
    DK_SCALED("dk"),
    /** The cotangent of the log-sum-exp is ignored. */
    D_LSE_IGNORED(""),
    /** dq of one element has the wrong sign. */
    DQ_SIGN("dq");

    private final String gradient;

    Fault(String gradient) {
      this.gradient = gradient;
    }
  }

  @Override
  public String id() {
    return "spoilt";
  }

  @Override
  public Availability availability() {
    return RIGHT.availability();
  }

  @Override
  public Storage storage() {
    return RIGHT.storage();
  }

  @Override
  public String precisionClass() {
    return RIGHT.precisionClass();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return RIGHT.supports(problem, plan, demands);
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    return RIGHT.forward(problem, plan);
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    Tensor seen = fault == Fault.D_LSE_IGNORED ? null : dLse;
    SequencedMap<String, Tensor> spoilt =
        new LinkedHashMap<>(RIGHT.backward(problem, plan, forward, dOut, seen).byName());
    spoilt.replaceAll(this::spoil);
    return new Gradients(spoilt);
  }

  private Tensor spoil(String name, Tensor gradient) {
    if (!name.equals(fault.gradient)) {
      return gradient;
    }
    int last = gradient.size() - gradient.shape().extent(-1);
    return Tensor.generate(
        gradient.shape(),
        p ->
            switch (fault) {
              case LAST_DV_LOST -> p >= last ? 0 : gradient.get(p);
              case DK_SCALED -> gradient.get(p) * (1 + 1e-9);
              case DQ_SIGN -> p == last ? -gradient.get(p) : gradient.get(p);
              default -> gradient.get(p);
            });
  }
}
