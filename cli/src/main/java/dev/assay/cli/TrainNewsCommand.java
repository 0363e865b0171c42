package dev.assay.cli;

import dev.assay.data.AgNews;
import dev.assay.data.LabelledText;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.mechanism.Mechanism;
import dev.assay.train.Course;
import dev.assay.train.ModelSize;
import dev.assay.train.NewsRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay train ag-news}: topics of news. */
@Command(
    name = "ag-news",
    header = "Trains a classifier of AG News on the training files that are there.",
    description =
        "Held against dense attention and a model without attention. Not comparable with published"
            + " numbers unless the whole training set is there.",
    mixinStandardHelpOptions = true)
final class TrainNewsCommand implements Callable<Integer> {
  private static final ModelSize USUAL = new ModelSize(32, 2, 1, 16, 2e-3, new Course(1000, 180));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainOptions options = new TrainOptions();

  @Mixin private TrainData data = new TrainData();

  @Option(
      names = "--n",
      defaultValue = "64",
      description = "Tokens at which a text is cut (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Override
  public Integer call() throws IOException {
    Mechanism mechanism = options.mechanism();
    ModelSize size = options.size(USUAL);
    Usage.atLeast(1, tokens, "--n");
    List<LabelledText> train = new ArrayList<>();
    for (Path file : data.files("ag-news", "train")) {
      train.addAll(AgNews.read(file));
    }
    List<LabelledText> test = AgNews.read(data.files("ag-news", "test").getFirst());
    List<LabelledText> balanced = NewsRun.balanced(train);
    TrainSession session = new TrainSession(spec, options, size);
    session.note(
        "%d training texts, balanced, of 120,000 in the whole set; %d test texts"
            .formatted(balanced.size(), test.size()));
    session.note("the test texts were looked at once, at the end; nothing was chosen by them");
    try {
      session.trainAgainstOthers(
          mechanism,
          false,
          (attention, own, seed, watcher) ->
              new NewsRun(balanced, test, tokens, own, options.runner())
                  .train(attention, seed, watcher));
    } catch (UnsupportedPlanException no) {
      return session.unsupported(no);
    }
    SequencedMap<String, Double> sizes = options.sizes(size);
    sizes.put("tokens", (double) tokens);
    return session.finish("ag-news", mechanism, sizes);
  }
}
