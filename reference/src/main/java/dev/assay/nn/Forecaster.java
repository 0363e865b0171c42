package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * An encoder that continues a series of several channels: each moment is a token, a linear layer
 * reads all of them at once. What is forecast is the difference from the last moment, so that a
 * model that knows nothing repeats it: Zeng et al., "Are Transformers effective for time series
 * forecasting?" (2023), NLinear.
 *
 * @param architecture sizes and mechanism
 * @param horizon moments to forecast
 */
public record Forecaster(Architecture architecture, int horizon) {
  /** Checks the size. */
  public Forecaster {
    Require.positive(horizon, "horizon");
  }

  /**
   * The forecast.
   *
   * @param past [B, n, channels]
   * @return [B, horizon, channels]
   */
  public Var of(Scope scope, Tensor past) {
    Shape shape = past.shape();
    Require.argument(shape.rank() == 3, "the past has shape %s: [B, n, channels] is needed", shape);
    int channels = shape.extent(2);
    Tensor last =
        Tensor.generate(
            shape.with(1, 1), p -> past.at(p / channels, shape.extent(1) - 1, p % channels));
    Var origin = Ops.constant(scope.tape(), last);
    Var x = Ops.sub(Ops.constant(scope.tape(), past), origin);
    Var tokens = Linear.in(scope.in("embedding"), channels, architecture.width()).of(x);
    Var placed = architecture.positions().of(scope, tokens, 0);
    Var encoded = architecture.blocks(scope, placed, Map.of());
    int all = shape.extent(1) * architecture.width();
    Var flat = Ops.reshape(encoded, Shape.of(shape.extent(0), all));
    Var ahead = Linear.in(scope.in("head"), all, horizon * channels).of(scope.drop("head", flat));
    return Ops.add(Ops.reshape(ahead, Shape.of(shape.extent(0), horizon, channels)), origin);
  }
}
