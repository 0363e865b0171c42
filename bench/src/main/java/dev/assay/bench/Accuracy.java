package dev.assay.bench;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.op.Gradient;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Slots;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * How far an engine's results lie from those of the fp64 engine, in units of the bound of its
 * class: above 1 a result is wrong, and timing it would mean nothing.
 *
 * @param worst largest error over bound, by result
 */
public record Accuracy(SequencedMap<String, Double> worst) {
  /** Copies the map. */
  public Accuracy {
    worst = new LinkedHashMap<>(worst);
  }

  /** Whether every element of every result lies within its bound. */
  public boolean withinBounds() {
    return worst.values().stream().allMatch(ratio -> ratio <= 1);
  }

  /** Runs the workload on the engine, forward and backward, and judges every element. */
  public static Accuracy of(Workload workload, Engine engine) {
    // Heads do not meet, so each group is judged alone, all cores at work.
    List<SequencedMap<String, Double>> groups =
        IntStream.range(0, workload.kvHeads())
            .parallel()
            .mapToObj(group -> judge(workload, engine, group))
            .toList();
    SequencedMap<String, Double> worst = new LinkedHashMap<>();
    for (SequencedMap<String, Double> group : groups) {
      group.forEach((name, ratio) -> worst.merge(name, ratio, Math::max));
    }
    return new Accuracy(worst);
  }

  /** Runs an attention in F64 storage on the engine and judges every element. */
  public static Accuracy of(Branch work, Tensor dOut, Engine engine) {
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    record(new Tape(), engine, work, dOut)
        .forEach((name, result) -> results.put(name, result.value()));
    return of(work, dOut, engine.precisionClass(), results);
  }

  /**
   * Judges results that somebody else computed, as many of out, lse and the gradients as there are.
   *
   * @param work the attention, in F64 storage
   * @param dOut the cotangent of its output
   * @param precisionClass whose bounds are to be kept
   */
  public static Accuracy of(
      Branch work, Tensor dOut, String precisionClass, Map<String, Tensor> results) {
    Tape tape = new Tape();
    SequencedMap<String, Var> truth = record(tape, new ScalarEngine(), work, dOut);
    SequencedMap<String, Tensor> bounds =
        Bounds.of(tape, truth, PrecisionClass.find(precisionClass), Declared.NOTHING);
    SequencedMap<String, Double> worst = new LinkedHashMap<>();
    truth.forEach(
        (name, right) -> {
          Tensor value = results.get(name);
          if (value != null) {
            Tensor bound = Objects.requireNonNull(bounds.get(name));
            worst.put(name, worst(value, right.value(), bound));
          }
        });
    return new Accuracy(worst);
  }

  private static SequencedMap<String, Double> judge(Workload workload, Engine engine, int group) {
    Branch work = workload.on(Storage.F64, group, group + 1);
    return of(work, workload.dOut(Storage.F64, group, group + 1), engine).worst();
  }

  private static SequencedMap<String, Var> record(
      Tape tape, Engine engine, Branch work, Tensor dOut) {
    SequencedMap<String, Tensor> slots = Slots.of(work.problem(), work.plan());
    List<Var> inputs = new ArrayList<>();
    slots.forEach((name, tensor) -> inputs.add(tape.leaf(name, tensor)));
    List<Var> outputs = Attend.record(tape, engine, work.problem(), work.plan(), inputs);
    List<Var> gradients =
        Gradient.of(outputs.subList(0, 1), List.of(tape.leaf("d_out", dOut)), inputs);
    SequencedMap<String, Var> results = new LinkedHashMap<>();
    results.put("out", outputs.getFirst());
    results.put("lse", outputs.getLast());
    for (String slot : slots.sequencedKeySet()) {
      results.put(Slots.gradient(slot), gradients.get(results.size() - 2));
    }
    return results;
  }

  private static double worst(Tensor value, Tensor right, Tensor bound) {
    double worst = 0;
    for (int p = 0; p < value.size(); p++) {
      // The log-sum-exp of an empty row is -inf on both sides.
      if (value.get(p) != right.get(p)) {
        double ratio = Math.abs(value.get(p) - right.get(p)) / bound.get(p);
        worst = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : Math.max(worst, ratio);
      }
    }
    return worst;
  }
}
