package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.FeedForward.Activation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ModelsTest {
  private static final Architecture BOTH_WAYS = Architecture.of(Places.make(Dense.class), 2, 8, 2);
  private static final Architecture CAUSAL =
      Architecture.of(Places.make(Dense.class, "causal=true"), 2, 8, 2);

  private final Parameters parameters = Parameters.drawn(4);

  private Scope scope() {
    return Places.fresh(parameters);
  }

  @Test
  void a_classifier_does_not_look_at_padding() {
    Classifier classifier = new Classifier(BOTH_WAYS, 10, 3);
    int[] lengths = {3, 4};
    Tensor a =
        classifier.logits(scope(), new int[][] {{1, 2, 3, 0}, {4, 5, 6, 7}}, lengths).value();
    Tensor b =
        classifier.logits(scope(), new int[][] {{1, 2, 3, 9}, {4, 5, 6, 7}}, lengths).value();
    assertEquals(Shape.of(2, 3), a.shape());
    assertTrue(a.bitEquals(b));
  }

  @Test
  void a_language_model_does_not_see_later_tokens() {
    LanguageModel model = new LanguageModel(CAUSAL, 10, true);
    Tensor a = model.logits(scope(), new int[][] {{1, 2, 3, 4}}).value();
    Tensor b = model.logits(scope(), new int[][] {{1, 2, 3, 5}}).value();
    for (int p = 0; p < 30; p++) {
      assertEquals(a.get(p), b.get(p));
    }
    assertFalse(a.bitEquals(b));
  }

  @Test
  void decoding_with_and_without_a_cache_chooses_the_same_tokens() {
    for (Architecture architecture :
        new Architecture[] {
          CAUSAL, CAUSAL.with(Positions.LEARNED).with(Norm.RMS, true).with(Activation.SWIGLU, 12)
        }) {
      LanguageModel model = new LanguageModel(architecture, 10, false);
      Parameters own = Parameters.drawn(8);
      int[] cached = model.generate(() -> Places.fresh(own), new int[] {3, 1}, 8, true);
      int[] anew = model.generate(() -> Places.fresh(own), new int[] {3, 1}, 8, false);
      assertArrayEquals(anew, cached);
      assertEquals(10, cached.length);
    }
  }

  @Test
  void a_tied_model_has_no_output_layer_of_its_own() {
    new LanguageModel(CAUSAL, 10, true).logits(scope(), new int[][] {{1}});
    assertFalse(parameters.values().containsKey("head.weight"));
  }

  @Test
  void a_translator_does_not_look_at_the_padding_of_the_source() {
    Translator translator = new Translator(BOTH_WAYS, CAUSAL, Places.make(Dense.class), 10, 12);
    Tensor[] logits = new Tensor[2];
    for (int run = 0; run < 2; run++) {
      Scope scope = scope();
      Tensor lengths = Translator.lengths(2);
      var memory = translator.encode(scope, new int[][] {{5, 6, run}}, lengths);
      logits[run] = translator.logits(scope, new int[][] {{2, 7, 8}}, memory, lengths).value();
    }
    assertEquals(Shape.of(1, 3, 12), logits[0].shape());
    assertTrue(logits[0].bitEquals(logits[1]));
  }

  @Test
  void images_are_cut_row_by_row() {
    Tensor image = Tensor.generate(Shape.of(1, 4, 4, 1), p -> p);
    Tensor patches = ImageClassifier.patches(image, 2);
    assertArrayEquals(
        new double[] {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}, patches.toDoubles());
  }

  @Test
  void an_image_classifier_gives_a_logit_for_each_class() {
    ImageClassifier classifier = new ImageClassifier(BOTH_WAYS, 2, 5);
    Tensor images = Places.draw(1, 3, 4, 6, 2);
    assertEquals(Shape.of(3, 5), classifier.logits(scope(), images).shape());
  }

  @Test
  void a_forecaster_without_head_repeats_the_last_moment() {
    Forecaster forecaster = new Forecaster(BOTH_WAYS, 3);
    Tensor past = Places.draw(1, 2, 4, 2);
    forecaster.of(scope(), past);
    parameters.set("head.weight", Tensor.zeros(parameters.get("head.weight").shape()));
    Tensor ahead = forecaster.of(scope(), past).value();
    for (int p = 0; p < ahead.size(); p++) {
      assertEquals(past.at(p / 6, 3, p % 2), ahead.get(p), 1e-15);
    }
  }
}
