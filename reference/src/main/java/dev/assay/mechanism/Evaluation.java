package dev.assay.mechanism;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Engine;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Gradient;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/**
 * One evaluation of a mechanism on given tensors: forward, and backward if the tensors include
 * {@code d_out} or {@code d_lse}; the latter is not read where the answer has no LSE. It keeps the
 * tape, so that other evaluators can walk it.
 *
 * @param tape everything that was recorded
 * @param inputs the leaves
 * @param answer what the mechanism gave
 * @param gradients the cotangents of all differentiable inputs by gradient name; empty without
 *     cotangents
 */
public record Evaluation(
    Tape tape, Inputs inputs, Answer answer, SequencedMap<String, Var> gradients) {

  /** By ops alone. */
  public static Evaluation define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return evaluate(mechanism, tensors, mechanism::define);
  }

  /** On an engine. */
  public static Evaluation lower(Mechanism mechanism, Map<String, Tensor> tensors, Engine engine) {
    return evaluate(mechanism, tensors, (tape, inputs) -> mechanism.lower(tape, inputs, engine));
  }

  private static Evaluation evaluate(
      Mechanism mechanism, Map<String, Tensor> tensors, BiFunction<Tape, Inputs, Answer> meaning) {
    Tape tape = new Tape();
    Inputs inputs = Inputs.on(tape, mechanism, tensors);
    Answer answer = meaning.apply(tape, inputs);
    List<Var> outputs = new ArrayList<>();
    List<Var> cotangents = new ArrayList<>();
    seed(tape, answer.out(), tensors.get("d_out"), "d_out", outputs, cotangents);
    seed(tape, answer.lse(), tensors.get("d_lse"), "d_lse", outputs, cotangents);
    SequencedMap<String, Var> gradients = new LinkedHashMap<>();
    if (!outputs.isEmpty()) {
      List<TensorSpec> wanted =
          mechanism.tensors().stream()
              .filter(t -> t.kind() != Kind.CHOICE && inputs.has(t.name()))
              .toList();
      List<Var> found =
          Gradient.of(outputs, cotangents, wanted.stream().map(t -> inputs.var(t.name())).toList());
      for (int t = 0; t < wanted.size(); t++) {
        gradients.put(wanted.get(t).gradient(), found.get(t));
      }
    }
    return new Evaluation(tape, inputs, answer, gradients);
  }

  private static void seed(
      Tape tape,
      @org.jspecify.annotations.Nullable Var output,
      @org.jspecify.annotations.Nullable Tensor cotangent,
      String name,
      List<Var> outputs,
      List<Var> cotangents) {
    if (output != null && cotangent != null) {
      outputs.add(output);
      cotangents.add(tape.leaf(name, cotangent.to(Storage.F64)));
    }
  }

  /** All results by name: out, lse, the gradients, and the choices that were made. */
  public SequencedMap<String, Tensor> results() {
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("out", answer.out().value());
    Var lse = answer.lse();
    if (lse != null) {
      results.put("lse", lse.value());
    }
    gradients.forEach((name, gradient) -> results.put(name, gradient.value()));
    results.putAll(answer.choices());
    return results;
  }
}
