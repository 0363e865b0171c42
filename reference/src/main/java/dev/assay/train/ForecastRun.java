package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.data.Batches;
import dev.assay.data.ForecastSplit;
import dev.assay.data.Series;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.Forecaster;
import dev.assay.nn.Parameters;
import dev.assay.nn.Runner;
import dev.assay.nn.Scope;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Trains a {@link Forecaster}; says {@code mae} and {@code mse} over all windows of the test part,
 * all of its moments and channels, on the scale on which the training part has mean 0 and deviation
 * 1.
 *
 * @param series as the file has it
 * @param split which moments train and test
 * @param past moments that the model sees
 * @param horizon moments that it forecasts
 * @param size of the model
 * @param runner who works the mechanism out
 */
public record ForecastRun(
    Series series, ForecastSplit split, int past, int horizon, ModelSize size, Runner runner) {
  private static final int AT_ONCE = 64;

  private record Windows(Tensor past, Tensor ahead) {}

  private Windows windows(Series scaled, int[] starts) {
    int[] ahead = Arrays.stream(starts).map(start -> start + past).toArray();
    return new Windows(scaled.windows(starts, past), scaled.windows(ahead, horizon));
  }

  /** Trains on the squared error and evaluates. */
  public TrainingRecord.Run train(Mechanism mechanism, int seed, IntConsumer watcher) {
    Series scaled = series.scaled(0, split.train());
    Forecaster forecaster = new Forecaster(size.around(mechanism), horizon);
    Objective<Windows> objective =
        (scope, windows) ->
            Loss.squaredError(forecaster.of(scope, windows.past()), windows.ahead());
    Parameters parameters = Parameters.drawn(seed);
    Trainer<Windows> trainer = new Trainer<>(objective, parameters, size.training(runner));
    int[] starts = split.trainStarts(past, horizon);
    Batches batches = new Batches(starts.length, size.batch(), seed);
    Course.Outcome outcome =
        size.course()
            .run(
                trainer,
                step ->
                    windows(
                        scaled, Arrays.stream(batches.of(step)).map(it -> starts[it]).toArray()),
                watcher);
    Map<String, Double> metrics =
        errors(
            scaled,
            seen -> {
              Scope scope = Scope.of(new Tape(), parameters, runner);
              return forecaster.of(scope, seen).value();
            });
    return TrainingRecord.Run.of(seed, metrics, outcome, parameters.count());
  }

  /** The errors of repeating the last moment, which a model must beat. */
  public Map<String, Double> lastValue() {
    return errors(
        series.scaled(0, split.train()),
        seen -> {
          int channels = seen.shape().extent(2);
          return Tensor.generate(
              seen.shape().with(1, horizon),
              p -> seen.at(p / (horizon * channels), past - 1, p % channels));
        });
  }

  private interface Model {
    Tensor forecast(Tensor past);
  }

  private Map<String, Double> errors(Series scaled, Model model) {
    int[] starts = split.testStarts(past, horizon);
    double absolute = 0;
    double squared = 0;
    for (int from = 0; from < starts.length; from += AT_ONCE) {
      int[] some = Arrays.copyOfRange(starts, from, Math.min(starts.length, from + AT_ONCE));
      Windows windows = windows(scaled, some);
      Tensor said = model.forecast(windows.past());
      double share = (double) some.length / starts.length;
      absolute += share * Metrics.absoluteError(said, windows.ahead());
      squared += share * Metrics.squaredError(said, windows.ahead());
    }
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("mae", absolute);
    errors.put("mse", squared);
    return errors;
  }
}
