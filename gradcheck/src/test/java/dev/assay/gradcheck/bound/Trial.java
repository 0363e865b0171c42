package dev.assay.gradcheck.bound;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.op.Gradient;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Plan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** One plan on one problem with random cotangents, run on any engine, with its bounds. */
record Trial(AttentionProblem problem, Plan plan, int seed, PrecisionClass precision) {
  /** What was recorded: outputs, then gradients of the slots. */
  private record Run(Tape tape, List<String> names, List<Var> results) {}

  private Run on(Engine engine) {
    Tape tape = new Tape();
    List<Var> slots = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("out"));
    List<String> gradients = new ArrayList<>();
    Slots.of(problem, plan)
        .forEach(
            (name, tensor) -> {
              slots.add(tape.leaf(name, tensor));
              gradients.add(Slots.gradient(name));
            });
    List<Var> outputs = Attend.record(tape, engine, problem, plan, slots);
    List<Var> cotangents = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      Shape shape = outputs.get(o).shape();
      cotangents.add(tape.leaf("d" + o, draw(shape, seed, 90 + o, -16, precision)));
    }
    if (outputs.size() > 1) {
      names.add("lse");
    }
    List<Var> results = new ArrayList<>(outputs);
    results.addAll(Gradient.of(outputs, cotangents, slots));
    names.addAll(gradients);
    return new Run(tape, names, results);
  }

  /** Largest error in units of the bound, by result; NaN errors count as infinite. */
  SequencedMap<String, Double> worst(Engine engine) {
    Run truth = on(new ScalarEngine());
    Run subject = on(engine);
    Rounding u = Rounding.of(precision, Declared.NOTHING);
    TapeBounds bounds = new TapeBounds(truth.tape, u, precision);
    double factor = precision == PrecisionClass.F64 ? 2 * Bounds.KAPPA : Bounds.KAPPA;
    SequencedMap<String, Double> worst = new LinkedHashMap<>();
    for (int r = 0; r < truth.results.size(); r++) {
      Known right = bounds.of(truth.results.get(r));
      Tensor value = subject.results.get(r).value();
      double most = 0;
      for (int p = 0; p < value.size(); p++) {
        double expected = right.value().get(p);
        double error = Math.abs(value.get(p) - expected);
        if (error != 0 && value.get(p) != expected) {
          double ratio = error / (factor * right.errorAt(p));
          most = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : Math.max(most, ratio);
        }
      }
      worst.put(truth.names.get(r), most);
    }
    return worst;
  }

  /** A bell-shaped tensor of the class's storage. */
  static Tensor draw(Shape shape, int seed, int stream, int shift, PrecisionClass precision) {
    Philox generator = new Philox(seed, stream, 1);
    return Tensor.generate(
        shape, p -> precision.storage().round(Distribution.BELL.value(generator, p, shift)));
  }
}
