package dev.assay.train;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts lines into tokens for {@link Bleu}. */
final class BleuTokens {
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  /** ASCII marks but comma, hyphen, full stop and apostrophe. */
  private static final Pattern MARKS = Pattern.compile("([\\{-\\~\\[-\\` -\\&\\(-\\+\\:-\\@\\/])");

  private static final Pattern BEHIND_NO_DIGIT = Pattern.compile("([^0-9])([\\.,])");
  private static final Pattern BEFORE_NO_DIGIT = Pattern.compile("([\\.,])([^0-9])");
  private static final Pattern DIGIT_HYPHEN = Pattern.compile("([0-9])(-)");

  private BleuTokens() {}

  static List<String> split(String line) {
    return Arrays.stream(SPACE.split(line, -1)).filter(token -> !token.isEmpty()).toList();
  }

  /**
   * The rules of mteval-v13a: marks stand alone, full stops and commas stay only within numbers, a
   * hyphen leaves the digit before it.
   */
  static List<String> v13a(String line) {
    String text =
        line.stripTrailing()
            .replace("<skipped>", "")
            .replace("-\n", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    text = " " + text + " ";
    text = MARKS.matcher(text).replaceAll(" $1 ");
    text = BEHIND_NO_DIGIT.matcher(text).replaceAll("$1 $2 ");
    text = BEFORE_NO_DIGIT.matcher(text).replaceAll(" $1 $2");
    text = DIGIT_HYPHEN.matcher(text).replaceAll("$1 $2 ");
    return split(text);
  }
}
