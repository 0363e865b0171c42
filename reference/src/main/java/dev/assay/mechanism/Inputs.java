package dev.assay.mechanism;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Truths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tensors that a mechanism was given, as F64 leaves of a tape. */
public final class Inputs {
  private final SequencedMap<String, Var> vars = new LinkedHashMap<>();

  private Inputs() {}

  /**
   * Puts the tensors that the mechanism reads on a tape; others are left out.
   *
   * @throws IllegalArgumentException if a required one is missing or q, k or v is not of rank 4
   */
  public static Inputs on(Tape tape, Mechanism mechanism, Map<String, Tensor> tensors) {
    Inputs inputs = new Inputs();
    for (TensorSpec spec : mechanism.tensors()) {
      Tensor given = tensors.get(spec.name());
      Require.argument(
          given != null || !spec.required(),
          "%s needs the tensor %s %s",
          mechanism.id(),
          spec.name(),
          spec.shape());
      if (given != null) {
        Tensor wide = given.to(Storage.F64);
        inputs.vars.put(spec.name(), tape.leaf(spec.name(), wide));
      }
    }
    return inputs;
  }

  /**
   * Values that are on the tape already, as when a mechanism stands behind projections, and further
   * tensors.
   *
   * @throws IllegalArgumentException if a required one is missing or the mechanism reads none of
   *     that name
   */
  public static Inputs of(
      Mechanism mechanism, Tape tape, Map<String, Var> values, Map<String, Tensor> tensors) {
    Inputs inputs = new Inputs();
    Set<String> unread = new TreeSet<>(values.keySet());
    unread.addAll(tensors.keySet());
    for (TensorSpec spec : mechanism.tensors()) {
      Var value = values.get(spec.name());
      Tensor tensor = tensors.get(spec.name());
      if (value == null && tensor != null) {
        value = tape.leaf(spec.name(), tensor.to(Storage.F64));
      }
      Require.argument(
          value != null || !spec.required(),
          "%s needs the tensor %s %s",
          mechanism.id(),
          spec.name(),
          spec.shape());
      if (value != null) {
        inputs.vars.put(spec.name(), value);
      }
      unread.remove(spec.name());
    }
    Require.argument(unread.isEmpty(), "%s reads no tensors %s", mechanism.id(), unread);
    return inputs;
  }

  /** Whether the tensor was given. */
  public boolean has(String name) {
    return vars.containsKey(name);
  }

  /** The tensor as a value on the tape. */
  public Var var(String name) {
    Var var = vars.get(name);
    Require.argument(var != null, "the tensor %s was not given: there are %s", name, vars.keySet());
    return Objects.requireNonNull(var);
  }

  /** The tensor as a value on the tape, or null if it was not given. */
  public @Nullable Var find(String name) {
    return vars.get(name);
  }

  /** The numbers of a tensor, or null if it was not given. */
  public @Nullable Tensor value(String name) {
    Var var = vars.get(name);
    return var == null ? null : var.value();
  }

  /** A tensor of 0 and 1 alone, or null if it was not given. */
  public @Nullable Tensor truths(String name) {
    Tensor tensor = value(name);
    return tensor == null ? null : Truths.require(tensor, name);
  }

  /** A tensor of whole numbers as an array, or null if it was not given. */
  public int @Nullable [] integers(String name) {
    Tensor tensor = value(name);
    if (tensor == null) {
      return null;
    }
    int[] numbers = new int[tensor.size()];
    for (int p = 0; p < numbers.length; p++) {
      double number = tensor.get(p);
      Require.argument(
          number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE,
          "%s holds %s: whole numbers within 32 bits are needed",
          name,
          number);
      numbers[p] = (int) number;
    }
    return numbers;
  }

  /** All of them, in the mechanism's order. */
  public SequencedMap<String, Var> all() {
    return vars;
  }
}
