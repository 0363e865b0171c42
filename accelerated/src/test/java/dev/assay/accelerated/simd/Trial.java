package dev.assay.accelerated.simd;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.op.Gradient;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A plan on a problem with random cotangents of out and lse, to be run on engines and compared.
 *
 * @param name what failures call it
 * @param problem the problem, its tensors held as F64 numbers that fp32 holds exactly
 * @param plan the plan
 * @param seed of the cotangents
 */
public record Trial(String name, AttentionProblem problem, Plan plan, int seed) {
  private static final int COTANGENTS = 90;

  public static Trial of(String name, ProblemBuilder builder, Plan plan) {
    return new Trial(name, builder.build(), plan, 1);
  }

  public static Trial dense(String name, ProblemBuilder builder) {
    return of(name, builder, new DensePlan());
  }

  /** A recorded run: out, lse if there is one, and the gradients of all slots. */
  private record Run(Tape tape, SequencedMap<String, Var> results) {}

  private Run on(Engine engine) {
    Tape tape = new Tape();
    List<Var> slots = new ArrayList<>();
    Slots.of(problem, plan).forEach((slot, tensor) -> slots.add(tape.leaf(slot, tensor)));
    List<Var> outputs = Attend.record(tape, engine, problem, plan, slots);
    List<Var> cotangents = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      int[] extents = outputs.get(o).shape().toArray();
      cotangents.add(tape.leaf("d" + o, new Draw(seed).bell(COTANGENTS + o, extents)));
    }
    SequencedMap<String, Var> results = new LinkedHashMap<>();
    results.put("out", outputs.getFirst());
    if (outputs.size() > 1) {
      results.put("lse", outputs.get(1));
    }
    List<Var> gradients = Gradient.of(outputs, cotangents, slots);
    for (String slot : Slots.of(problem, plan).sequencedKeySet()) {
      results.put(Slots.gradient(slot), gradients.get(results.size() - outputs.size()));
    }
    return new Run(tape, results);
  }

  /** All results of an engine by name. */
  public SequencedMap<String, Tensor> results(Engine engine) {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    on(engine).results().forEach((result, var) -> values.put(result, var.value()));
    return values;
  }

  /**
   * Asserts that every element of every result lies within the bound of the engine's class, derived
   * from the data; where the right answer is NaN or infinite, so must the engine's be.
   */
  public void holds(Engine engine) {
    Run truth = on(new ScalarEngine());
    SequencedMap<String, Tensor> bounds =
        Bounds.of(
            truth.tape(),
            truth.results(),
            PrecisionClass.find(engine.precisionClass()),
            Declared.NOTHING);
    SequencedMap<String, Tensor> results = results(engine);
    assertEquals(bounds.keySet(), results.keySet(), name);
    results.forEach(
        (result, value) -> {
          Tensor right = requireNonNull(truth.results().get(result)).value();
          Tensor bound = requireNonNull(bounds.get(result));
          assertEquals(right.shape(), value.shape(), () -> name + " " + result);
          for (int p = 0; p < value.size(); p++) {
            within(result, p, value.get(p), right.get(p), bound.get(p));
          }
        });
  }

  private void within(String result, int p, double value, double right, double bound) {
    boolean same = Double.compare(value, right) == 0 || value == right;
    assertTrue(
        same || Math.abs(value - right) <= bound,
        () ->
            name
                + " (seed "
                + seed
                + "): "
                + result
                + " at "
                + p
                + " is "
                + value
                + ", right is "
                + right
                + " within "
                + bound);
  }

  /** Asserts that two engines give the same bits in every result. */
  public void sameBits(Engine one, Engine other) {
    sameBits(results(one), other);
  }

  /** Asserts that an engine gives the bits that are expected. */
  public void sameBits(SequencedMap<String, Tensor> expected, Engine other) {
    results(other)
        .forEach(
            (result, value) ->
                assertTrue(
                    value.bitEquals(requireNonNull(expected.get(result))),
                    () -> name + ": " + result + " differs in its bits"));
  }
}
