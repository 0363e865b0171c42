package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.data.ForecastSplit;
import dev.assay.data.LabelledText;
import dev.assay.data.Series;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Runner;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The courses on real data, on a few lines of made-up data of the same kind. */
class RealRunsTest {
  private static final ModelSize SMALL = new ModelSize(8, 2, 1, 8, 1e-2, new Course(120, 60));
  private static final Dense DENSE = Settings.defaults(Dense.class);

  private static double metric(TrainingRecord.Run run, String name) {
    return Objects.requireNonNull(run.metrics().get(name));
  }

  @Test
  void topics_with_words_of_their_own_are_learned() {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add(new LabelledText(i % 4, "the word" + i % 4 + " is here again " + i / 8));
    }
    NewsRun run = new NewsRun(texts, texts, 8, SMALL, Runner.naive());
    assertEquals(1, metric(run.train(DENSE, 1, step -> {}), "accuracy"));
  }

  @Test
  void balanced_texts_are_different_and_as_many_of_each_topic() {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      texts.add(new LabelledText(i % 4, "text " + i));
    }
    texts.add(texts.getFirst());
    assertEquals(texts.subList(0, 8), NewsRun.balanced(texts));
  }

  @Test
  void a_wave_is_forecast_better_than_by_its_last_value() {
    Tensor wave = Tensor.generate(Shape.of(120, 1), t -> StrictMath.sin(t * Math.PI / 6));
    Series series = new Series(List.of("wave"), wave);
    ForecastRun run =
        new ForecastRun(series, new ForecastSplit(70, 90, 120), 12, 4, SMALL, Runner.naive());
    double last = Objects.requireNonNull(run.lastValue().get("mae"));
    assertTrue(metric(run.train(DENSE, 1, step -> {}), "mae") < last / 2, "last value " + last);
  }

  @Test
  void a_text_that_repeats_itself_is_learned() {
    Dense causal = Settings.make(Dense.class, Settings.parse(List.of("causal=true")));
    TextRun run = new TextRun("abcd".repeat(100), 6, 5, SMALL, Runner.naive());
    TrainingRecord.Run result = run.train(causal, 1, step -> {});
    assertTrue(metric(result, "bits_per_character") < 0.5, result.metrics()::toString);
  }
}
