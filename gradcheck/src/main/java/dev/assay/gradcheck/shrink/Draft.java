package dev.assay.gradcheck.shrink;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;

/**
 * A case on its way to become smaller: a mechanism and its tensors, whose axes are known by the
 * symbols that the mechanism gives them.
 *
 * @param mechanism the configuration
 * @param inputs the tensors
 */
record Draft(Mechanism mechanism, SequencedMap<String, Tensor> inputs) {
  static Draft of(GoldenCase golden) {
    return new Draft(golden.mechanism(), golden.inputs());
  }

  /**
   * The case, with the fp64 engine's results for right: computed ones, no longer proven.
   *
   * @throws IllegalArgumentException if the tensors do not belong together any more
   */
  GoldenCase golden(GoldenCase like) {
    SequencedMap<String, Tensor> right =
        Evaluation.lower(mechanism, inputs, new ScalarEngine()).results();
    right.keySet().removeAll(inputs.keySet());
    return new GoldenCase(
        like.tcId(),
        like.family(),
        like.name(),
        like.flags(),
        like.bugClass(),
        like.comment(),
        like.guards(),
        mechanism,
        like.dtype(),
        inputs,
        right,
        List.of(),
        null,
        like.classes(),
        like.result(),
        like.refuseCode(),
        null);
  }

  /** Symbols of the axes of a tensor; none where they are not known. */
  List<String> axes(String name) {
    Tensor tensor = inputs.get(name);
    int rank = tensor == null ? -1 : tensor.shape().rank();
    List<String> symbols = new ArrayList<>();
    if (name.equals("d_out") || name.equals("d_lse")) {
      symbols.addAll(List.of("B", "H", symbol("q", 2), "d_v").subList(0, Math.max(0, rank)));
    }
    for (TensorSpec spec : mechanism.tensors()) {
      if (spec.name().equals(name)) {
        String inner = spec.shape().replaceAll("^[^\\[]*\\[|\\].*$", "");
        symbols.addAll(Arrays.asList(inner.split("\\s*,\\s*", -1)));
      }
    }
    return symbols.size() == rank ? symbols : List.of();
  }

  private String symbol(String name, int axis) {
    for (TensorSpec spec : mechanism.tensors()) {
      if (spec.name().equals(name)) {
        return spec.shape().replaceAll("^\\[|\\]$", "").split("\\s*,\\s*", -1)[axis];
      }
    }
    return "n_q";
  }

  /** Extent of the axis with that symbol, in the first tensor that has it; 0 if none has. */
  int extent(String symbol) {
    for (String name : inputs.keySet()) {
      int axis = axes(name).indexOf(symbol);
      if (axis >= 0) {
        return inputs.getOrDefault(name, Tensor.scalar(0)).shape().extent(axis);
      }
    }
    return 0;
  }

  /**
   * Without the indices from {@code from} to {@code to} of an axis, in all tensors that have it.
   */
  Draft without(String symbol, int from, int to) {
    int extent = extent(symbol);
    SequencedMap<String, Tensor> fewer = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) -> {
          Tensor cut = tensor;
          List<String> axes = axes(name);
          for (int axis = 0; axis < axes.size(); axis++) {
            // A broadcast axis has the extent 1 whatever the symbol's.
            boolean whole = tensor.shape().extent(axis) == extent;
            if (axes.get(axis).equals(symbol) && whole) {
              cut = cut(cut, axis, from, to);
            }
          }
          fewer.put(name, name.endsWith("_lens") ? clamped(cut, name, symbol, to - from) : cut);
        });
    return new Draft(mechanism, fewer);
  }

  /** Lengths that reach behind what is left end there. */
  private Tensor clamped(Tensor lengths, String name, String symbol, int fewer) {
    boolean mine = symbol.equals(name.startsWith("q") ? "n_q" : "n_k") || symbol.equals("n");
    int most = extent(symbol) - fewer;
    return mine ? Tensor.generate(lengths.shape(), p -> Math.min(most, lengths.get(p))) : lengths;
  }

  private static Tensor cut(Tensor tensor, int axis, int from, int to) {
    Shape shape = tensor.shape().with(axis, tensor.shape().extent(axis) - (to - from));
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[axis] += at[axis] >= from ? to - from : 0;
          return tensor.at(at);
        });
  }

  Draft without(String name) {
    SequencedMap<String, Tensor> fewer = new LinkedHashMap<>(inputs);
    fewer.remove(name);
    return new Draft(mechanism, fewer);
  }

  /**
   * With another value of one setting.
   *
   * @throws IllegalArgumentException if it does not go together with the others
   */
  Draft set(String key, String value) {
    Map<String, String> settings = new LinkedHashMap<>(Settings.of(mechanism));
    settings.put(key, value);
    return new Draft(Settings.make(mechanism.getClass(), settings), inputs);
  }

  /** Another number at one position. */
  Draft with(String name, int position, double value) {
    Tensor tensor = inputs.getOrDefault(name, Tensor.scalar(0));
    return with(name, Tensor.generate(tensor.shape(), p -> p == position ? value : tensor.get(p)));
  }

  /** A function of every number of a tensor. */
  Draft map(String name, DoubleUnaryOperator change) {
    Tensor tensor = inputs.getOrDefault(name, Tensor.scalar(0));
    return with(name, Tensor.generate(tensor.shape(), p -> change.applyAsDouble(tensor.get(p))));
  }

  private Draft with(String name, Tensor tensor) {
    SequencedMap<String, Tensor> changed = new LinkedHashMap<>(inputs);
    changed.put(name, tensor);
    return new Draft(mechanism, changed);
  }

  /** Names of the tensors that hold numbers, not choices. */
  List<String> numbers() {
    Map<String, TensorSpec.Kind> kinds = new LinkedHashMap<>();
    mechanism.tensors().forEach(spec -> kinds.put(spec.name(), spec.kind()));
    return inputs.keySet().stream()
        .filter(name -> kinds.get(name) != TensorSpec.Kind.CHOICE)
        .toList();
  }
}
