package dev.assay.data;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for tokens. Four come first: padding, unknown, begin and end.
 *
 * @param tokens by number
 * @param numbers by token
 */
public record Vocabulary(List<String> tokens, Map<String, Integer> numbers) {
  public static final int PAD = 0;
  public static final int UNKNOWN = 1;
  public static final int BEGIN = 2;
  public static final int END = 3;

  private static final List<String> SPECIAL = List.of("<pad>", "<unk>", "<bos>", "<eos>");

  /**
   * The most frequent tokens of the training texts alone, of equally frequent ones the first in the
   * order of their characters.
   *
   * @param texts as tokens
   * @param most how many, the special ones included
   * @param least how often a token occurs at least
   */
  public static Vocabulary of(Iterable<List<String>> texts, int most, int least) {
    Require.argument(most > SPECIAL.size(), "a vocabulary of %d has no room for tokens", most);
    Map<String, Integer> counts = new HashMap<>();
    texts.forEach(text -> text.forEach(token -> counts.merge(token, 1, Integer::sum)));
    SPECIAL.forEach(counts::remove);
    List<String> tokens = new ArrayList<>(SPECIAL);
    counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= least)
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Integer> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(most - SPECIAL.size())
        .forEach(entry -> tokens.add(entry.getKey()));
    Map<String, Integer> numbers = new HashMap<>();
    for (int number = 0; number < tokens.size(); number++) {
      numbers.put(tokens.get(number), number);
    }
    return new Vocabulary(List.copyOf(tokens), Map.copyOf(numbers));
  }

  /** How many there are. */
  public int size() {
    return tokens.size();
  }

  /** The numbers of tokens; {@link #UNKNOWN} for those it does not have. */
  public int[] encode(List<String> text) {
    return text.stream().mapToInt(token -> numbers.getOrDefault(token, UNKNOWN)).toArray();
  }

  /** The tokens of numbers, up to {@link #END}; padding and begin are left out. */
  public List<String> decode(int[] text) {
    List<String> words = new ArrayList<>();
    for (int number : text) {
      if (number == END) {
        break;
      }
      if (number != PAD && number != BEGIN) {
        words.add(tokens.get(Require.index(number, size(), "a token")));
      }
    }
    return words;
  }
}
