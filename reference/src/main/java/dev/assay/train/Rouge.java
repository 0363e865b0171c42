package dev.assay.train;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * ROUGE of one text against one reference: Lin, "ROUGE" (2004), with the tokens of the package
 * rouge_score: lower case, letters a to z and digits, no stemming. A text without tokens scores 0.
 */
public final class Rouge {
  /**
   * A score.
   *
   * @param precision of what was said, how much is in the reference
   * @param recall of the reference, how much was said
   */
  public record Score(double precision, double recall) {
    /** The harmonic mean of both; 0 if both are. */
    public double f1() {
      double sum = precision + recall;
      return sum == 0 ? 0 : 2 * precision * recall / sum;
    }
  }

  private Rouge() {}

  static List<String> tokens(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
        .filter(token -> !token.isEmpty())
        .toList();
  }

  /** ROUGE-N: common runs of n tokens, each counted as often as both have it. */
  public static Score n(String text, String reference, int order) {
    Require.positive(order, "n");
    Map<List<String>, Integer> said = NGrams.count(tokens(text), order);
    Map<List<String>, Integer> wanted = NGrams.count(tokens(reference), order);
    return score(NGrams.common(said, wanted), sum(said), sum(wanted));
  }

  private static long sum(Map<List<String>, Integer> counts) {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  private static Score score(long common, long said, long wanted) {
    return said == 0 || wanted == 0
        ? new Score(0, 0)
        : new Score((double) common / said, (double) common / wanted);
  }

  /** ROUGE-L: the longest common subsequence. */
  public static Score l(String text, String reference) {
    List<String> said = tokens(text);
    List<String> wanted = tokens(reference);
    return score(lengths(wanted, said)[wanted.size()][said.size()], said.size(), wanted.size());
  }

  /**
   * ROUGE-Lsum: sentences end with lines; of each sentence of the reference those tokens count that
   * are in a longest common subsequence with any sentence of the text, each at most as often as
   * both texts have it.
   */
  public static Score lSum(String text, String reference) {
    List<List<String>> said = sentences(text);
    List<List<String>> wanted = sentences(reference);
    Map<String, Integer> saidLeft = counts(said);
    Map<String, Integer> wantedLeft = counts(wanted);
    long hits = 0;
    for (List<String> sentence : wanted) {
      TreeSet<Integer> places = new TreeSet<>();
      said.forEach(other -> places.addAll(common(sentence, other)));
      for (int place : places) {
        String token = sentence.get(place);
        if (saidLeft.getOrDefault(token, 0) > 0 && wantedLeft.getOrDefault(token, 0) > 0) {
          hits++;
          saidLeft.merge(token, -1, Integer::sum);
          wantedLeft.merge(token, -1, Integer::sum);
        }
      }
    }
    return score(hits, size(said), size(wanted));
  }

  private static List<List<String>> sentences(String text) {
    return text.lines().map(Rouge::tokens).filter(tokens -> !tokens.isEmpty()).toList();
  }

  private static long size(List<List<String>> sentences) {
    return sentences.stream().mapToLong(List::size).sum();
  }

  private static Map<String, Integer> counts(List<List<String>> sentences) {
    Map<String, Integer> counts = new HashMap<>();
    sentences.forEach(tokens -> tokens.forEach(token -> counts.merge(token, 1, Integer::sum)));
    return counts;
  }

  /** Element (i, j): length of the longest common subsequence of the first i and the first j. */
  private static int[][] lengths(List<String> a, List<String> b) {
    int[][] lengths = new int[a.size() + 1][b.size() + 1];
    for (int i = 1; i <= a.size(); i++) {
      for (int j = 1; j <= b.size(); j++) {
        lengths[i][j] =
            a.get(i - 1).equals(b.get(j - 1))
                ? lengths[i - 1][j - 1] + 1
                : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
      }
    }
    return lengths;
  }

  /** Places in a of one longest common subsequence; of equally long ways back, up in a. */
  private static Set<Integer> common(List<String> a, List<String> b) {
    int[][] lengths = lengths(a, b);
    TreeSet<Integer> places = new TreeSet<>();
    int i = a.size();
    int j = b.size();
    while (i > 0 && j > 0) {
      if (a.get(i - 1).equals(b.get(j - 1))) {
        places.add(--i);
        j--;
      } else if (lengths[i][j - 1] > lengths[i - 1][j]) {
        j--;
      } else {
        i--;
      }
    }
    return places;
  }
}
