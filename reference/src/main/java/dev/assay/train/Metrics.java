package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;

/** How good answers are. */
public final class Metrics {
  private Metrics() {}

  private static void together(int predictions, int truths) {
    Require.argument(
        predictions == truths && truths > 0,
        "%d predictions for %d truths: one each is needed, and at least one",
        predictions,
        truths);
  }

  /** The share of predictions that are right. */
  public static double accuracy(int[] predicted, int[] truth) {
    together(predicted.length, truth.length);
    int right = 0;
    for (int i = 0; i < truth.length; i++) {
      right += predicted[i] == truth[i] ? 1 : 0;
    }
    return (double) right / truth.length;
  }

  /** The standard error of an accuracy over so many answers: {@code sqrt(p (1 - p) / n)}. */
  public static double accuracyError(double accuracy, int answers) {
    return Math.sqrt(accuracy * (1 - accuracy) / Require.positive(answers, "answers"));
  }

  /** {@code 2 TP / (2 TP + FP + FN)} of one class; 0 where the divisor is 0. */
  public static double f1(int[] predicted, int[] truth, int positive) {
    together(predicted.length, truth.length);
    int both = 0;
    int either = 0;
    for (int i = 0; i < truth.length; i++) {
      boolean said = predicted[i] == positive;
      boolean is = truth[i] == positive;
      both += said && is ? 1 : 0;
      either += (said ? 1 : 0) + (is ? 1 : 0);
    }
    return either == 0 ? 0 : 2.0 * both / either;
  }

  /** The mean of the F1 of all classes; a class that occurs nowhere counts as 0. */
  public static double macroF1(int[] predicted, int[] truth, int classes) {
    double sum = 0;
    for (int c = 0; c < Require.positive(classes, "classes"); c++) {
      sum += f1(predicted, truth, c);
    }
    return sum / classes;
  }

  /** {@code mean |x - y|}. */
  public static double absoluteError(Tensor x, Tensor y) {
    together(x.size(), y.size());
    double sum = 0;
    for (int p = 0; p < x.size(); p++) {
      sum += Math.abs(x.get(p) - y.get(p));
    }
    return sum / x.size();
  }

  /** {@code mean (x - y)^2}. */
  public static double squaredError(Tensor x, Tensor y) {
    together(x.size(), y.size());
    double sum = 0;
    for (int p = 0; p < x.size(); p++) {
      sum += (x.get(p) - y.get(p)) * (x.get(p) - y.get(p));
    }
    return sum / x.size();
  }

  /**
   * {@code e^(loss / units)}: with the words of the text as units also where a model has smaller
   * tokens, or the numbers of two models cannot be compared.
   *
   * @param loss sum of the natural-log losses of all tokens
   * @param units words, ends of lines included
   */
  public static double perplexity(double loss, long units) {
    Require.argument(units > 0, "perplexity of %d units: at least one is needed", units);
    return StrictMath.exp(loss / units);
  }

  /** {@code loss / (bytes ln 2)}. */
  public static double bitsPerByte(double loss, long bytes) {
    Require.argument(bytes > 0, "bits of %d bytes: at least one is needed", bytes);
    return loss / StrictMath.log(2) / bytes;
  }

  /** The largest of each row, the first of equals. */
  public static int[] largest(Tensor rows) {
    int width = rows.shape().extent(-1);
    int[] best = new int[rows.size() / Math.max(1, width)];
    for (int row = 0; row < best.length; row++) {
      for (int c = 1; c < width; c++) {
        best[row] = rows.get(row * width + c) > rows.get(row * width + best[row]) ? c : best[row];
      }
    }
    return best;
  }
}
