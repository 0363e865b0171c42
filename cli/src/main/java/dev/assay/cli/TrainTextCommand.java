package dev.assay.cli;

import dev.assay.data.PlainText;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.mechanism.Mechanism;
import dev.assay.train.Course;
import dev.assay.train.ModelSize;
import dev.assay.train.TextRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay train text}: a language model of characters. */
@Command(
    name = "text",
    header = "Trains a language model of characters; the last tenth of the text judges it.",
    description = "Held against dense attention and a model that sees one character at a time.",
    mixinStandardHelpOptions = true)
final class TrainTextCommand implements Callable<Integer> {
  private static final ModelSize USUAL = new ModelSize(32, 2, 2, 16, 5e-3, new Course(600, 180));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainOptions options = new TrainOptions();

  @Mixin private TrainData data = new TrainData();

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "The text (default: tinyshakespeare of --data).")
  private @Nullable Path text;

  @Option(
      names = "--n",
      defaultValue = "64",
      description = "Characters of a segment (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--segments",
      defaultValue = "200",
      description = "Segments that are judged (default: ${DEFAULT-VALUE}).")
  private int segments;

  @Override
  public Integer call() throws IOException {
    Mechanism mechanism = options.mechanism();
    ModelSize size = options.size(USUAL);
    Usage.atLeast(1, tokens, "--n");
    Usage.atLeast(1, segments, "--segments");
    Usage.require(
        mechanism.causal(),
        "--mechanism is %s, which is not causal with these settings: it would see what it shall"
            + " foretell; try --set causal=true",
        mechanism.id());
    Path file = text == null ? data.file("tinyshakespeare/input.txt") : text;
    String read = PlainText.read(file);
    TrainSession session = new TrainSession(spec, options, size);
    session.note("segments do not overlap: the first characters of each have little to go by");
    try {
      session.trainAgainstOthers(
          mechanism,
          true,
          (attention, own, seed, watcher) ->
              new TextRun(read, tokens, segments, own, options.runner())
                  .train(attention, seed, watcher));
    } catch (UnsupportedPlanException no) {
      return session.unsupported(no);
    }
    SequencedMap<String, Double> sizes = options.sizes(size);
    sizes.put("tokens", (double) tokens);
    sizes.put("segments", (double) segments);
    return session.finish("text", mechanism, sizes);
  }
}
