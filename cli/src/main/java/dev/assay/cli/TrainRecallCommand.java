package dev.assay.cli;

import dev.assay.engine.UnsupportedPlanException;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.train.Course;
import dev.assay.train.DistilledRecall;
import dev.assay.train.ModelSize;
import dev.assay.train.RandomPattern;
import dev.assay.train.Recall;
import dev.assay.train.RecallRun;
import dev.assay.train.TaughtPattern;
import dev.assay.train.TrainingRecord.Run;
import dev.assay.train.TrainingRecord.Spread;
import dev.assay.train.TrainingRecord.Subject;
import java.io.IOException;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay train recall}: key-value pairs, then keys; the values are asked for. */
@Command(
    name = "recall",
    header = "Trains on associative recall: say the value that a key came with.",
    description =
        "Held against dense attention and against a random pattern that keeps as many keys for"
            + " each query as the mechanism did.",
    mixinStandardHelpOptions = true)
final class TrainRecallCommand implements Callable<Integer> {
  private static final ModelSize USUAL = new ModelSize(32, 2, 1, 16, 5e-3, new Course(200, 60));

  private static final double TAUGHT = 0.5;
  private static final double TEMPERATURE = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainOptions options = new TrainOptions();

  @Option(
      names = "--pairs",
      defaultValue = "32",
      description = "Pairs of a sequence (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(
      names = "--queries",
      defaultValue = "16",
      description = "Keys that are asked for behind them (default: ${DEFAULT-VALUE}).")
  private int queries;

  @Option(
      names = "--keys",
      defaultValue = "32",
      description = "Different keys (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--values",
      defaultValue = "8",
      description =
          "Different values; guessing is right once in so many (default: ${DEFAULT-VALUE}).")
  private int values;

  @Option(
      names = "--density",
      description = "Density of the random pattern (default: that of the trained mechanism).")
  private @Nullable Double density;

  @Option(
      names = "--distilled",
      paramLabel = "SHARE",
      description =
          "For block-sparse: a dense teacher learns first, its blocks of most attention that hold"
              + " this share of it become the pattern, and the student goes on from its parameters"
              + " and half by its answers.")
  private @Nullable Double distilled;

  @Override
  public Integer call() throws IOException {
    Mechanism mechanism = options.mechanism();
    ModelSize size = options.size(USUAL);
    Usage.require(
        0 < queries && queries <= pairs && pairs <= keys && values >= 2,
        "--queries %d, --pairs %d, --keys %d: each may be at most as many as the next; --values"
            + " %d: at least 2",
        queries,
        pairs,
        keys,
        values);
    Double forced = density;
    Usage.require(forced == null || (forced > 0 && forced <= 1), "--density must lie in (0, 1]");
    Recall task = new Recall(pairs, queries, keys, values);
    RecallRun run = new RecallRun(task, size, options.runner());
    TrainSession session = new TrainSession(spec, options, size);
    SequencedMap<String, Double> sizes = options.sizes(size);
    sizes.put("pairs", (double) pairs);
    sizes.put("queries", (double) queries);
    sizes.put("keys", (double) keys);
    sizes.put("values", (double) values);
    try {
      Subject own =
          session.trainWithTerms(
              mechanism,
              (attention, withTerms, seed, watcher) ->
                  train(
                      new RecallRun(task, withTerms, options.runner()), attention, seed, watcher));
      if (!options.alone) {
        if (!mechanism.id().equals("dense")
            && !session.takesDense("recall", sizes, mechanism.causal())) {
          Mechanism dense = TrainOptions.dense(mechanism.causal());
          session.train("dense", (seed, watcher) -> run.train(dense, Map.of(), seed, watcher));
        }
        holdAgainstRandom(session, run, mechanism, own);
      }
    } catch (UnsupportedPlanException no) {
      return session.unsupported(no);
    }
    session.note("guessing is right once in " + values + " times");
    return session.finish("recall", mechanism, sizes);
  }

  private Run train(RecallRun run, Mechanism mechanism, int seed, IntConsumer watcher) {
    Double share = distilled;
    if (share == null) {
      return run.train(mechanism, Map.of(), seed, watcher);
    }
    Usage.require(share > 0 && share <= 1, "--distilled is %s: it must lie in (0, 1]", share);
    Usage.require(
        mechanism instanceof BlockSparse blocks && blocks.blockQ() == blocks.blockK(),
        "--distilled makes the pattern of block-sparse with blockQ as large as blockK, not of %s",
        mechanism.id());
    TaughtPattern pattern = new TaughtPattern(((BlockSparse) mechanism).blockQ(), share);
    return new DistilledRecall(run, pattern, TAUGHT, TEMPERATURE).train(seed, watcher);
  }

  private void holdAgainstRandom(
      TrainSession session, RecallRun run, Mechanism mechanism, Subject own) {
    boolean causal = mechanism.causal();
    Spread measured = own.metrics().get("density");
    double kept = density != null ? density : measured == null ? -1 : measured.mean();
    if (kept <= 0) {
      session.note(
          "no random pattern: the mechanism has no softmax over the keys to be as dense as");
    } else if (kept >= 1) {
      session.note("no random pattern: the mechanism kept every pair");
    } else {
      session.train(
          "random",
          (seed, watcher) -> {
            RandomPattern pattern =
                new RandomPattern(run.size().heads(), run.task().tokens(), kept, causal, seed);
            return run.train(pattern.mechanism(), pattern.given(), seed, watcher);
          });
    }
  }
}
