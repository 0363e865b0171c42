package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a training came to, as a file keeps it: a mechanism and what it is held against, each with
 * one run for each seed.
 *
 * @param task what was learned
 * @param mechanism id of the mechanism
 * @param settings its settings
 * @param command what repeats it
 * @param sizes of task and model, by name
 * @param engine who worked the mechanisms out
 * @param notes what a reader of the numbers must know
 * @param subjects the mechanism first
 */
public record TrainingRecord(
    String task,
    String mechanism,
    Map<String, String> settings,
    String command,
    Map<String, Double> sizes,
    String engine,
    List<String> notes,
    List<Subject> subjects) {
  /**
   * The record of a file.
   *
   * @throws FormatException if it is none
   */
  public static TrainingRecord read(Path file) throws IOException {
    TrainingRecord record = Json.read(file, TrainingRecord.class);
    if (record.subjects().stream().anyMatch(subject -> subject.runs().isEmpty())
        || record.subjects().isEmpty()) {
      throw new FormatException(
          file.toString(), "subjects", "must be there, each with a run: nothing was trained");
    }
    return record;
  }

  /**
   * All runs of one.
   *
   * @param name the mechanism's id, or what it is held against
   * @param metrics over the runs, by name
   * @param runs one for each seed
   */
  public record Subject(String name, Map<String, Spread> metrics, List<Run> runs) {
    /** Of these runs, with the spread of every metric that all of them have. */
    public static Subject of(String name, List<Run> runs) {
      SequencedMap<String, Spread> metrics = new LinkedHashMap<>();
      for (String metric : runs.getFirst().metrics().keySet()) {
        double[] numbers =
            runs.stream()
                .filter(run -> run.metrics().containsKey(metric))
                .mapToDouble(run -> run.metrics().getOrDefault(metric, Double.NaN))
                .toArray();
        if (numbers.length == runs.size()) {
          metrics.put(metric, Spread.of(numbers));
        }
      }
      return new Subject(name, metrics, List.copyOf(runs));
    }
  }

  /**
   * One run.
   *
   * @param seed of parameters and order of the data
   * @param metrics after training, by name
   * @param losses mean of each ten steps
   * @param steps steps made
   * @param stopped whether time ran out before the last step
   * @param seconds of training
   * @param parameters numbers that learned
   */
  public record Run(
      int seed,
      Map<String, Double> metrics,
      List<Double> losses,
      int steps,
      boolean stopped,
      double seconds,
      long parameters) {
    /** Of a course. */
    public static Run of(
        int seed, Map<String, Double> metrics, Course.Outcome outcome, long parameters) {
      return new Run(
          seed,
          metrics,
          outcome.losses(),
          outcome.steps(),
          outcome.stopped(),
          outcome.seconds(),
          parameters);
    }
  }

  /**
   * Mean and standard deviation of a sample; the deviation of one number is 0.
   *
   * @param mean sum over count
   * @param deviation with Bessel's correction
   */
  public record Spread(double mean, double deviation) {
    /** Of these numbers. */
    public static Spread of(double... numbers) {
      Require.argument(numbers.length > 0, "there is no number to take the mean of");
      double mean = 0;
      for (double number : numbers) {
        mean += number / numbers.length;
      }
      double square = 0;
      for (double number : numbers) {
        square += (number - mean) * (number - mean);
      }
      int free = Math.max(1, numbers.length - 1);
      return new Spread(mean, Math.sqrt(square / free));
    }
  }
}
