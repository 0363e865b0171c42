package dev.assay.cli;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tokens stand for, from a file with a line for each token, or with a byte for each. */
final class TokenText {
  private static final int LONGEST = 1 << 26;

  private final List<String> tokens;
  private final int context;

  private TokenText(List<String> tokens, int context) {
    this.tokens = tokens;
    this.context = context;
  }

  /**
   * Reads a file for so many tokens: lines if it has just as many, else its first bytes.
   *
   * @throws FormatException if it has neither as many lines nor enough bytes
   */
  static TokenText read(Path file, int count) throws IOException {
    byte[] bytes = TextFile.read(file, LONGEST);
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() == count) {
      return new TokenText(lines.stream().map(TokenText::visible).toList(), 3);
    }
    if (bytes.length < count) {
      throw new FormatException(
          file.toString(),
          "tokens",
          "has %d lines and %d bytes for %d tokens: a line or a byte is needed for each"
              .formatted(lines.size(), bytes.length, count));
    }
    List<String> single = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      single.add(visible(String.valueOf((char) (bytes[j] & 0xFF))));
    }
    return new TokenText(single, 16);
  }

  /** Tokens of a text that was cut already; words have blanks between them, bytes have none. */
  static TokenText of(List<String> tokens, boolean words) {
    return new TokenText(tokens.stream().map(TokenText::visible).toList(), words ? 3 : 16);
  }

  private static String visible(String token) {
    StringBuilder visible = new StringBuilder();
    token.codePoints().forEach(point -> visible.append(visible(point)));
    return visible.toString();
  }

  private static String visible(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          Character.isISOControl(point) ? "\\x%02x".formatted(point) : Character.toString(point);
    };
  }

  /** All of them. */
  List<String> all() {
    return tokens;
  }

  /** The token itself; empty behind the last. */
  String token(int j) {
    return j < tokens.size() ? tokens.get(j) : "";
  }

  /** The token in brackets with its neighbours. */
  String around(int j) {
    if (j >= tokens.size()) {
      return "";
    }
    String gap = context > 3 ? "" : " ";
    int from = Math.max(0, j - context);
    int to = Math.min(tokens.size(), j + context + 1);
    String before = String.join(gap, tokens.subList(from, j));
    String after = String.join(gap, tokens.subList(j + 1, to));
    return before + gap + "[" + tokens.get(j) + "]" + gap + after;
  }
}
