package dev.assay.gradcheck.precision;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * A mechanism on made-up input, whose queries are drawn apart from the keys, so that logits do not
 * grow with the depth.
 *
 * @param mechanism what is evaluated
 * @param tokens n
 * @param depth d
 * @param heads H
 * @param range factor of q, where the mechanism reads q: logits grow with it
 * @param seed which numbers
 * @param backward whether gradients are looked at
 */
public record Setup(
    Mechanism mechanism,
    int tokens,
    int depth,
    int heads,
    double range,
    int seed,
    boolean backward) {

  /** The same with other sizes. */
  public Setup with(int tokens, int depth, double range) {
    return new Setup(mechanism, tokens, depth, heads, range, seed, backward);
  }

  /** The definition in binary64, on inputs that are values of a format. */
  Evaluation recorded(NumberFormat storage) {
    Example example = new Example(heads, tokens, depth, seed);
    Map<String, Tensor> tensors = new TreeMap<>(mechanism.example(example));
    Tensor q = tensors.get("q");
    if (q != null) {
      Tensor noise = example.draw("q", q.shape(), CaseBuilder.UNIT);
      tensors.put("q", Tensor.generate(q.shape(), p -> range * noise.get(p)));
    }
    Rounder rounder = new Rounder(storage, RoundingRule.NEAREST, new Dice(seed));
    for (TensorSpec spec : mechanism.tensors()) {
      if (spec.kind() != Kind.CHOICE) {
        tensors.computeIfPresent(spec.name(), (name, given) -> stored(name, given, rounder));
      }
    }
    if (backward) {
      Tape tape = new Tape();
      Shape out = mechanism.define(tape, Inputs.on(tape, mechanism, tensors)).out().shape();
      tensors.put("d_out", rounder.of(example.draw("d_out", out, CaseBuilder.UNIT)));
    }
    return Evaluation.define(mechanism, tensors);
  }

  /** Inputs as they are stored; what overflows there would leave nothing to measure. */
  private static Tensor stored(String name, Tensor given, Rounder rounder) {
    Tensor rounded = rounder.of(given);
    for (int p = 0; p < given.size(); p++) {
      boolean lost = Double.isInfinite(rounded.get(p)) && Double.isFinite(given.get(p));
      Require.argument(
          !lost,
          "%s has a value of %s, which overflows %s: take smaller inputs or a wider format",
          name,
          given.get(p),
          rounder.format());
    }
    return rounded;
  }

  /** Whether {@link #range} reaches the mechanism. */
  public boolean readsQueries() {
    return mechanism.tensors().stream().anyMatch(spec -> spec.name().equals("q"));
  }
}
