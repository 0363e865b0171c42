package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.data.AgNews;
import dev.assay.data.Batches;
import dev.assay.data.LabelledText;
import dev.assay.data.PlainText;
import dev.assay.data.Vocabulary;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.Classifier;
import dev.assay.nn.Parameters;
import dev.assay.nn.Runner;
import dev.assay.nn.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Trains a {@link Classifier} of AG News from nothing: words and marks in lower case, vocabulary of
 * the training texts alone, as many texts of each topic; says {@code accuracy} and {@code macro_f1}
 * on the test texts.
 *
 * @param train texts to learn from
 * @param test texts to be judged by
 * @param tokens a text is cut there
 * @param size of the model
 * @param runner who works the mechanism out
 */
public record NewsRun(
    List<LabelledText> train, List<LabelledText> test, int tokens, ModelSize size, Runner runner) {
  private static final int WORDS = 8000;
  private static final int AT_ONCE = 50;

  /** Only different texts, and of each topic as many as of the rarest, the first ones. */
  public static List<LabelledText> balanced(List<LabelledText> texts) {
    List<LabelledText> different = List.copyOf(new LinkedHashSet<>(texts));
    int topics = AgNews.CLASSES.size();
    long[] counts = new long[topics];
    different.forEach(text -> counts[text.label()]++);
    long least = Arrays.stream(counts).min().orElse(0);
    long[] taken = new long[topics];
    List<LabelledText> kept = new ArrayList<>();
    for (LabelledText text : different) {
      if (taken[text.label()]++ < least) {
        kept.add(text);
      }
    }
    return kept;
  }

  private static List<String> words(LabelledText text) {
    return PlainText.wordsAndMarks(AgNews.plain(text.text()));
  }

  /** Numbers of texts: tokens, lengths, labels. */
  private record Encoded(int[][] ids, int[] lengths, int[] labels) {
    static Encoded of(List<LabelledText> texts, Vocabulary vocabulary, int tokens) {
      int[][] ids = new int[texts.size()][];
      int[] lengths = new int[ids.length];
      int[] labels = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = vocabulary.encode(words(texts.get(i)));
        lengths[i] = Math.clamp(ids[i].length, 1, tokens);
        labels[i] = texts.get(i).label();
      }
      return new Encoded(Batches.padded(ids, tokens), lengths, labels);
    }

    Encoded take(int[] which) {
      int[][] some = new int[which.length][];
      int[] someLengths = new int[which.length];
      int[] someLabels = new int[which.length];
      for (int i = 0; i < which.length; i++) {
        some[i] = ids[which[i]];
        someLengths[i] = lengths[which[i]];
        someLabels[i] = labels[which[i]];
      }
      return new Encoded(some, someLengths, someLabels);
    }
  }

  /** Trains and evaluates. */
  public TrainingRecord.Run train(Mechanism mechanism, int seed, IntConsumer watcher) {
    Vocabulary vocabulary = Vocabulary.of(train.stream().map(NewsRun::words).toList(), WORDS, 2);
    Encoded texts = Encoded.of(train, vocabulary, tokens);
    Classifier classifier =
        new Classifier(size.around(mechanism), vocabulary.size(), AgNews.CLASSES.size());
    Objective<Encoded> objective =
        (scope, batch) ->
            Loss.crossEntropy(
                classifier.logits(scope, batch.ids(), batch.lengths()), batch.labels());
    Parameters parameters = Parameters.drawn(seed);
    Trainer<Encoded> trainer =
        new Trainer<>(objective, parameters, size.training(runner).withDropout(0.1));
    Batches batches = new Batches(train.size(), size.batch(), seed);
    Course.Outcome outcome =
        size.course().run(trainer, step -> texts.take(batches.of(step)), watcher);
    int[] said = say(classifier, parameters, Encoded.of(test, vocabulary, tokens));
    int[] truth = test.stream().mapToInt(LabelledText::label).toArray();
    Map<String, Double> metrics =
        Map.of(
            "accuracy", Metrics.accuracy(said, truth),
            "macro_f1", Metrics.macroF1(said, truth, AgNews.CLASSES.size()));
    return TrainingRecord.Run.of(seed, metrics, outcome, parameters.count());
  }

  private int[] say(Classifier classifier, Parameters parameters, Encoded texts) {
    int[] said = new int[texts.labels().length];
    for (int from = 0; from < said.length; from += AT_ONCE) {
      int[] which = IntStream.range(from, Math.min(said.length, from + AT_ONCE)).toArray();
      Encoded some = texts.take(which);
      Scope scope = Scope.of(new Tape(), parameters, runner);
      int[] answers = Metrics.largest(classifier.logits(scope, some.ids(), some.lengths()).value());
      System.arraycopy(answers, 0, said, from, answers.length);
    }
    return said;
  }
}
