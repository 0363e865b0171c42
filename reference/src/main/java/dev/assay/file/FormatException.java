package dev.assay.file;

import java.io.IOException;

/**
 * A file is not what it should be. The message is one sentence: which file, which field of it, and
 * which rule is broken.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 400;

  /**
   * A fault.
   *
   * @param source the file, and for a part of an archive the part: {@code a.npz!q.npy}
   * @param field the part of it that is wrong: a header, a key, a tensor
   * @param rule what is wrong, the rule, and where it helps the remedy
   */
  public FormatException(String source, String field, String rule) {
    super(sentence(source, field, rule));
  }

  /** A fault that a library found. */
  public FormatException(String source, String field, String rule, Throwable cause) {
    super(sentence(source, field, rule), cause);
  }

  /**
   * Names and texts of a hostile file end up here: they may neither break the line, nor command the
   * terminal, nor fill the screen.
   */
  private static String sentence(String source, String field, String rule) {
    StringBuilder printable = new StringBuilder();
    (source + ": " + shortened(field) + ": " + shortened(rule))
        .codePoints()
        .forEach(
            c -> {
              if (visible(c)) {
                printable.appendCodePoint(c);
              } else {
                printable.append("\\u%04x".formatted(c));
              }
            });
    return printable.toString();
  }

  private static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
