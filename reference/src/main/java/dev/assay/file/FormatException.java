package dev.assay.file;

import java.io.IOException;

/**
 * A file is not what it should be. The message is one sentence: which file, which field of it, and
 * which rule is broken.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

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

  /** One line, whatever a hostile file has put into its names. */
  private static String sentence(String source, String field, String rule) {
    String line = source + ": " + field + ": " + rule;
    StringBuilder printable = new StringBuilder(line.length());
    line.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }
}
