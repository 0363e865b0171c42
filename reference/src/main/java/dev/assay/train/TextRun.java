package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.LanguageModel;
import dev.assay.nn.Parameters;
import dev.assay.nn.Runner;
import dev.assay.nn.Scope;
import dev.assay.tensor.Philox;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Trains a {@link LanguageModel} of characters on the first nine tenths of a text; says {@code
 * bits_per_character} and {@code perplexity} a character on the beginning of the last tenth, in
 * segments that do not overlap, so that the first characters of each have little to go by.
 *
 * @param text of any characters
 * @param tokens characters of a segment
 * @param segments segments that are judged
 * @param size of the model
 * @param runner who works the mechanism out; it must be causal
 */
public record TextRun(String text, int tokens, int segments, ModelSize size, Runner runner) {
  private static final int AT_ONCE = 16;

  /** Checks that there is text enough. */
  public TextRun {
    Require.argument(
        text.length() / 10 > (long) tokens * segments + 1,
        "a tenth of %d characters is no %d segments of %d",
        text.length(),
        segments,
        tokens);
  }

  /** Trains and evaluates. */
  public TrainingRecord.Run train(Mechanism mechanism, int seed, IntConsumer watcher) {
    int[] alphabet = text.chars().distinct().sorted().toArray();
    int[] ids = text.chars().map(c -> Arrays.binarySearch(alphabet, c)).toArray();
    LanguageModel model = new LanguageModel(size.around(mechanism), alphabet.length, false);
    Objective<int[]> objective =
        (scope, starts) -> {
          int[][] shown = new int[starts.length][tokens];
          int[] targets = new int[starts.length * tokens];
          for (int b = 0; b < starts.length; b++) {
            System.arraycopy(ids, starts[b], shown[b], 0, tokens);
            System.arraycopy(ids, starts[b] + 1, targets, b * tokens, tokens);
          }
          return Loss.crossEntropy(model.logits(scope, shown), targets);
        };
    Parameters parameters = Parameters.drawn(seed);
    Trainer<int[]> trainer = new Trainer<>(objective, parameters, size.training(runner));
    int border = ids.length / 10 * 9;
    Course.Outcome outcome =
        size.course().run(trainer, step -> starts(seed, step, border - tokens - 1), watcher);
    double loss = 0;
    for (int from = 0; from < segments; from += AT_ONCE) {
      int[] starts = new int[Math.min(AT_ONCE, segments - from)];
      for (int b = 0; b < starts.length; b++) {
        starts[b] = border + (from + b) * tokens;
      }
      Scope scope = Scope.of(new Tape(), parameters, runner);
      loss += objective.loss(scope, starts).value().get(0) * starts.length / segments;
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("bits_per_character", loss / StrictMath.log(2));
    metrics.put("perplexity", Metrics.perplexity(loss, 1));
    return TrainingRecord.Run.of(seed, metrics, outcome, parameters.count());
  }

  private int[] starts(int seed, int step, int bound) {
    int[] starts = new int[size.batch()];
    for (int b = 0; b < starts.length; b++) {
      long word = Integer.toUnsignedLong(new Philox(seed, b, step).words(0)[0]);
      starts[b] = (int) ((word * bound) >>> 32);
    }
    return starts;
  }
}
