package dev.assay.cli;

import dev.assay.data.PlainText;
import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A text whose tokens a mechanism is watched on. */
final class TextOption {
  private static final int LONGEST = 1 << 26;

  /** What a token of a text is. */
  enum Unit {
    /** A byte. */
    BYTE,
    /** A word, in any case of letters, or a mark. */
    WORD
  }

  /**
   * The first tokens of a text.
   *
   * @param numbers equal for equal tokens
   * @param words what they stand for
   * @param all how many tokens the whole text has
   */
  record Tokens(int[] numbers, List<String> words, int all) {}

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "A text instead of made-up tokens: its first --n tokens, made queries and keys by fixed"
              + " tables, as 'assay embed' does.")
  private @Nullable Path file;

  @Option(
      names = "--unit",
      defaultValue = "WORD",
      description = "What a token of --text is: ${COMPLETION-CANDIDATES} (default: word).")
  private Unit unit = Unit.WORD;

  boolean isGiven() {
    return file != null;
  }

  /** The file's name. */
  String name() {
    return String.valueOf(file == null ? "" : file.getFileName());
  }

  /**
   * At most so many tokens from the beginning.
   *
   * @throws FormatException if the text has none
   */
  Tokens first(int most) throws IOException {
    Path text = Objects.requireNonNull(file);
    byte[] bytes = TextFile.read(text, LONGEST);
    List<String> tokens = unit == Unit.BYTE ? bytes(bytes) : words(bytes);
    if (tokens.isEmpty()) {
      throw new FormatException(text.toString(), "text", "is empty: at least one token is needed");
    }
    List<String> taken = tokens.subList(0, Math.min(most, tokens.size()));
    return new Tokens(numbers(taken), taken, tokens.size());
  }

  private static List<String> bytes(byte[] text) {
    List<String> tokens = new ArrayList<>(text.length);
    for (byte one : text) {
      tokens.add(String.valueOf((char) (one & 0xFF)));
    }
    return tokens;
  }

  private static List<String> words(byte[] text) {
    return PlainText.wordsAndMarks(new String(text, StandardCharsets.UTF_8).replace('\n', ' '));
  }

  /** Bytes by their value, as 'assay embed' has them; words in the order in which they come. */
  private int[] numbers(List<String> tokens) {
    Map<String, Integer> known = new HashMap<>();
    return tokens.stream()
        .mapToInt(
            token ->
                unit == Unit.BYTE
                    ? token.charAt(0)
                    : known.computeIfAbsent(token.toLowerCase(Locale.ROOT), _ -> known.size() + 1))
        .toArray();
  }

  /** One sentence on how much of the text is taken. */
  static String extent(Tokens tokens, Unit unit) {
    String of = unit == Unit.BYTE ? "bytes" : "words and marks";
    return tokens.numbers().length == tokens.all()
        ? "all %,d %s".formatted(tokens.all(), of)
        : "the first %,d of %,d %s".formatted(tokens.numbers().length, tokens.all(), of);
  }

  Unit unit() {
    return unit;
  }
}
