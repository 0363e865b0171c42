package dev.assay.wiring;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.nn.Heads;
import dev.assay.nn.LayerNorm;
import dev.assay.nn.Linear;
import dev.assay.nn.RmsNorm;
import dev.assay.nn.SigmaReparam;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What has weights or is differentiated: projections, norms, positions, activations. */
final class LayerFunctions {
  /** A summand that keeps a norm from dividing by 0 must be told: published layers have many. */
  static final List<Function> ALL =
      List.of(
          new Function(
              "linear(x, layer)",
              "x W^T + b with the tensors layer.weight [out, in] and, if there is one, layer.bias.",
              it -> recorded(new Linear(it.weight(1), it.bias(1)).of(it.var(0)))),
          new Function(
              "affine(x, weight, [bias])",
              "x W^T + b with tensors that are named; a bias that no file holds is left out.",
              it -> recorded(new Linear(it.var(1), it.varIfGiven(2)).of(it.var(0)))),
          new Function(
              "heads(x, count)",
              "Channels as heads, [B, n, H d] as [B, H, n, d].",
              it -> recorded(Heads.split(it.var(0), it.integer(1)))),
          new Function(
              "join(x)",
              "Heads as channels, [B, H, n, d] as [B, n, H d].",
              it -> recorded(Heads.join(it.var(0)))),
          new Function(
              "layer_norm(x, layer, eps)",
              "Layer norm of the last axis with layer.weight and layer.bias.",
              it -> recorded(new LayerNorm(it.weight(1), bias(it), it.number(2)).of(it.var(0)))),
          new Function(
              "rms_norm(x, layer, eps)",
              "x / sqrt(mean(x^2) + eps) over the last axis, times layer.weight.",
              it -> recorded(new RmsNorm(it.weight(1), it.number(2)).of(it.var(0)))),
          new Function(
              "rope(x, layout, theta)",
              "Rotary positions 0, 1, ... on all channels of [B, H, n, d]; layout is half or"
                  + " interleaved.",
              LayerFunctions::rope),
          new Function(
              "sigma_reparam(x, weight, sigma, bias, u)",
              "A linear layer with the spectral norm sigma, estimated by one step from u.",
              it -> {
                SigmaReparam layer =
                    new SigmaReparam(it.var(1), it.var(2), it.varIfGiven(3), it.tensor(4));
                return recorded(layer.of(it.var(0), layer.estimate()));
              }),
          new Function(
              "sigma_estimate(weight, u)",
              "The spectral norm as sigma_reparam estimates it, a scalar.",
              it -> plain(estimate(it).sigma().value().reshape())),
          new Function(
              "sigma_vector(weight, u)",
              "The vector that sigma_reparam keeps for its next step, [in].",
              it -> plain(estimate(it).right())),
          activation("sigmoid", Ops::sigmoid),
          activation("relu", Composed::relu),
          activation("tanh", Ops::tanh),
          activation("exp", Ops::exp),
          activation("log", Ops::log),
          activation("silu", x -> Ops.mul(x, Ops.sigmoid(x))));

  private LayerFunctions() {}

  static Value recorded(Var var) {
    return new Value.Recorded(var);
  }

  static Value plain(Tensor tensor) {
    return new Value.Plain(tensor, null);
  }

  private static Function activation(String name, UnaryOperator<Var> of) {
    return new Function(
        name + "(x)", "Each element's " + name + ".", it -> recorded(of.apply(it.var(0))));
  }

  private static Var bias(Arguments it) {
    @Nullable Var bias = it.bias(1);
    Require.argument(bias != null, "layer_norm needs the tensor %s.bias", it.word(1));
    return Objects.requireNonNull(bias);
  }

  private static Value rope(Arguments it) {
    Var x = it.var(0);
    Functions.rank("rope(x, layout, theta)", x.shape().rank(), 4);
    RotaryAngles angles =
        new RotaryAngles(
            it.choice(1, Rotary.Layout.class), it.number(2), x.shape().extent(3), null, null);
    return recorded(angles.turn(x, (_, i) -> i));
  }

  private static SigmaReparam.Estimate estimate(Arguments it) {
    Var weight = it.var(0);
    Var any = it.constant(Tensor.scalar(1));
    return new SigmaReparam(weight, any, null, it.tensor(1)).estimate();
  }
}
