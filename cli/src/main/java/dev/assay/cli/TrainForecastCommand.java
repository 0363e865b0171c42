package dev.assay.cli;

import dev.assay.data.ForecastSplit;
import dev.assay.data.Series;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.mechanism.Mechanism;
import dev.assay.train.Course;
import dev.assay.train.ForecastRun;
import dev.assay.train.ModelSize;
import dev.assay.train.TrainingRecord.Run;
import dev.assay.train.TrainingRecord.Subject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay train etth1}: a transformer of electricity, hour by hour. */
@Command(
    name = "etth1",
    header = "Trains a forecaster of ETTh1: 12 months train, 4 choose, 4 test.",
    description =
        "Errors are on the scale of the training part. Held against dense attention, a model"
            + " without attention, and the last value repeated.",
    mixinStandardHelpOptions = true)
final class TrainForecastCommand implements Callable<Integer> {
  private static final ModelSize USUAL = new ModelSize(16, 2, 1, 16, 2e-3, new Course(600, 120));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainOptions options = new TrainOptions();

  @Mixin private TrainData data = new TrainData();

  @Option(
      names = "--past",
      defaultValue = "96",
      description = "Hours that the model sees (default: ${DEFAULT-VALUE}).")
  private int past;

  @Option(
      names = "--horizon",
      defaultValue = "24",
      description = "Hours that it forecasts (default: ${DEFAULT-VALUE}).")
  private int horizon;

  @Option(
      names = "--channel",
      paramLabel = "NAME",
      defaultValue = "all",
      description = "One channel, for instance OT, or all (default: ${DEFAULT-VALUE}).")
  private String channel = "all";

  @Override
  public Integer call() throws IOException {
    Mechanism mechanism = options.mechanism();
    ModelSize size = options.size(USUAL);
    Usage.within(1, 2000, past, "--past");
    Usage.within(1, 2000, horizon, "--horizon");
    Series whole = Series.read(data.file("etth1/ETTh1.csv"));
    Series series = channel.equals("all") ? whole : whole.channel(channel);
    TrainSession session = new TrainSession(spec, options, size);
    session.note("channels: " + String.join(", ", series.channels()));
    try {
      session.trainAgainstOthers(
          mechanism,
          false,
          (attention, own, seed, watcher) -> run(series, own).train(attention, seed, watcher));
      if (!options.alone) {
        Map<String, Double> errors = run(series, size).lastValue();
        session.add(
            Subject.of("last value", List.of(new Run(0, errors, List.of(), 0, false, 0, 0))));
      }
    } catch (UnsupportedPlanException no) {
      return session.unsupported(no);
    }
    SequencedMap<String, Double> sizes = options.sizes(size);
    sizes.put("past", (double) past);
    sizes.put("horizon", (double) horizon);
    return session.finish("etth1", mechanism, sizes);
  }

  private ForecastRun run(Series series, ModelSize size) {
    return new ForecastRun(series, ForecastSplit.hourly(), past, horizon, size, options.runner());
  }
}
