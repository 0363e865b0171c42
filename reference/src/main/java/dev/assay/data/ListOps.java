package dev.assay.data;

import dev.assay.check.Require;
import dev.assay.tensor.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Nested operations on digits, drawn as in the long range arena: Nangia and Bowman, "ListOps"
 * (2018); Tay et al., "Long range arena" (2021). The rows are not those of that release, which
 * cannot be drawn again; the distribution is.
 *
 * <p>A node above the greatest depth is an operator with probability 1/4, else a digit; an operator
 * draws its number of arguments in 2..10, then these, then itself among four. Texts that are no
 * longer than {@code shorter} or no shorter than {@code longer} are thrown away, and so are
 * repeated ones.
 *
 * @param depth greatest depth of a node; the root has 1
 * @param arguments most arguments of an operator
 * @param shorter a text has more tokens
 * @param longer a text has fewer tokens
 * @param seed which texts
 */
public record ListOps(int depth, int arguments, int shorter, int longer, int seed) {
  /** All tokens; what stands at 0 is padding. */
  public static final List<String> TOKENS =
      List.of(
          "<pad>", "[MIN", "[MAX", "[MED", "[SM", "X", "0", "1", "2", "3", "4", "5", "6", "7", "8",
          "9");

  private static final int END = 5;
  private static final int DIGIT = 6;

  /** Checks the sizes. */
  public ListOps {
    Require.positive(depth, "depth");
    Require.argument(arguments >= 2, "arguments is %d: an operator has at least 2", arguments);
    Require.argument(
        shorter >= 0 && longer > shorter + 1,
        "lengths between %d and %d: there is none",
        shorter,
        longer);
  }

  /** The constants of the arena: depth 10, 10 arguments, lengths 501 to 1999. */
  public static ListOps arena(int seed) {
    return new ListOps(10, 10, 500, 2000, seed);
  }

  /**
   * A text and its value.
   *
   * @param tokens places in {@link #TOKENS}
   * @param value 0..9
   */
  public record Problem(int[] tokens, int value) {}

  /** So many different texts. */
  public List<Problem> draw(int count) {
    List<Problem> problems = new ArrayList<>();
    Set<List<Integer>> seen = new HashSet<>();
    for (int number = 0; problems.size() < count; number++) {
      Tree tree = new Tree(new Philox(seed, 0, number));
      int value = tree.node(1);
      List<Integer> tokens = tree.tokens;
      if (tokens.size() > shorter && tokens.size() < longer && seen.add(List.copyOf(tokens))) {
        problems.add(new Problem(tokens.stream().mapToInt(Integer::intValue).toArray(), value));
      }
    }
    return problems;
  }

  /** The value of a text, or an error that says where it is not one. */
  public static int evaluate(int[] tokens) {
    Reader reader = new Reader(tokens);
    int value = reader.value();
    Require.argument(reader.at == tokens.length, "tokens follow behind place %d", reader.at);
    return value;
  }

  private static final class Reader {
    private final int[] tokens;
    private int at;

    Reader(int[] tokens) {
      this.tokens = tokens;
    }

    int value() {
      Require.argument(at < tokens.length, "the text ends within a list");
      int token = tokens[at++];
      Require.argument(token != END && token > 0, "token %d stands where a value should", token);
      if (token >= DIGIT) {
        return token - DIGIT;
      }
      List<Integer> values = new ArrayList<>();
      while (at < tokens.length && tokens[at] != END) {
        values.add(value());
      }
      Require.argument(at++ < tokens.length && !values.isEmpty(), "a list has no end or nothing");
      return apply(token, values);
    }
  }

  /** MIN, MAX, the median rounded down, or the sum modulo 10. */
  private static int apply(int operator, List<Integer> values) {
    int[] sorted = values.stream().mapToInt(Integer::intValue).sorted().toArray();
    int middle = sorted.length / 2;
    return switch (operator) {
      case 1 -> sorted[0];
      case 2 -> sorted[sorted.length - 1];
      case 3 -> sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      default -> Arrays.stream(sorted).sum() % 10;
    };
  }

  private final class Tree {
    private final Philox generator;
    private final List<Integer> tokens = new ArrayList<>();
    private long draws;

    Tree(Philox generator) {
      this.generator = generator;
    }

    private int uniform(int bound) {
      long word = Integer.toUnsignedLong(generator.words(draws++)[0]);
      return (int) ((word * bound) >>> 32);
    }

    int node(int level) {
      // A text that is too long already is thrown away: it need not be finished.
      if (level >= depth || uniform(4) > 0 || tokens.size() >= longer) {
        int digit = uniform(10);
        tokens.add(DIGIT + digit);
        return digit;
      }
      int place = tokens.size();
      tokens.add(0);
      int count = 2 + uniform(arguments - 1);
      List<Integer> values = new ArrayList<>();
      for (int argument = 0; argument < count; argument++) {
        values.add(node(level + 1));
      }
      int operator = 1 + uniform(4);
      tokens.set(place, operator);
      tokens.add(END);
      return apply(operator, values);
    }
  }
}
