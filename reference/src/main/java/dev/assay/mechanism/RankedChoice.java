package dev.assay.mechanism;

import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A choice of the best by score, laid open: what was compared in each row, and how much rounding
 * the comparison bears. Where scores are so near that a right kernel may round either above the
 * other, more than one answer is right, and {@link Row#accepts} knows all of them.
 *
 * @param tensor the choice that it makes, by its name in {@link Answer#choices}: lists [B, G, R,
 *     width], ascending, with -1 behind
 * @param lists [B, G, R]
 * @param width entries of a list
 * @param terms roundings that a score takes at most
 * @param rows one for each list, in row-major order
 */
public record RankedChoice(String tensor, Shape lists, int width, int terms, List<Row> rows) {
  /** Keeps the rows. */
  public RankedChoice {
    rows = List.copyOf(rows);
  }

  /** Says how far a computed score may lie from the true one. */
  @FunctionalInterface
  public interface ScoreError {
    /** The error of a score whose absolute products sum up to {@code size}. */
    double of(double size);
  }

  /**
   * The candidates of one list.
   *
   * @param scores of each candidate; +inf for what is taken whatever its score, -inf for what is
   *     out of the question
   * @param sizes the sum of the absolute products that each score is made of; 0 where it is exact
   * @param taken how many are taken, the forced ones included
   */
  public record Row(double[] scores, double[] sizes, int taken) {
    /** The right list: the highest scores, of equals the lower index; ascending. */
    public int[] chosen() {
      int[] order = BestScores.order(scores, "candidate");
      return IntStream.of(order).limit(taken).sorted().toArray();
    }

    /** The lowest score that was taken; +inf if none was taken by its score. */
    public double last() {
      return IntStream.of(chosen())
          .mapToDouble(c -> scores[c])
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }

    /** The highest score that was not taken; -inf if no candidate is left. */
    public double next() {
      int[] chosen = chosen();
      return IntStream.range(0, scores.length)
          .filter(c -> Arrays.binarySearch(chosen, c) < 0)
          .mapToDouble(c -> scores[c])
          .max()
          .orElse(Double.NEGATIVE_INFINITY);
    }

    /**
     * Whether a list is right where each score may be off by its error: there are scores within
     * their errors of which it holds the highest. What is forced is in it, what is out of the
     * question is not, it ascends, and it is as long as the right one.
     */
    public boolean accepts(int[] list, ScoreError error) {
      if (list.length != chosen().length) {
        return false;
      }
      for (int t = 0; t < list.length; t++) {
        boolean ascends = list[t] > (t == 0 ? -1 : list[t - 1]);
        if (!ascends || list[t] >= scores.length || scores[list[t]] == Double.NEGATIVE_INFINITY) {
          return false;
        }
      }
      return IntStream.range(0, scores.length)
          .filter(out -> Arrays.binarySearch(list, out) < 0)
          .allMatch(out -> IntStream.of(list).allMatch(in -> mayPrecede(in, out, error)));
    }

    private boolean mayPrecede(int in, int out, ScoreError error) {
      if (scores[in] == Double.POSITIVE_INFINITY || scores[out] == Double.NEGATIVE_INFINITY) {
        return true;
      }
      double reach = error.of(sizes[in]) + error.of(sizes[out]);
      // Scores without an error are compared as they are, and ties go to the lower index.
      return reach == 0
          ? scores[in] > scores[out] || (scores[in] == scores[out] && in < out)
          : scores[in] + reach >= scores[out];
    }

    /**
     * All right lists in the order of their entries.
     *
     * @param most how many are worked out at most
     */
    public List<int[]> answers(ScoreError error, int most) {
      List<int[]> answers = new ArrayList<>();
      extend(new int[chosen().length], 0, 0, error, answers, most);
      return answers;
    }

    private void extend(
        int[] list, int filled, int from, ScoreError error, List<int[]> answers, int most) {
      if (filled == list.length) {
        if (accepts(list, error)) {
          answers.add(list.clone());
        }
        return;
      }
      for (int c = from; c < scores.length && answers.size() < most; c++) {
        list[filled] = c;
        extend(list, filled + 1, c + 1, error, answers, most);
      }
    }
  }
}
