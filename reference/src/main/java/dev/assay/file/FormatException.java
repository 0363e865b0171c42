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

  private static String sentence(String source, String field, String rule) {
    return Printable.of(source) + ": " + shortened(field) + ": " + shortened(rule);
  }

  /** Short as it is shown: an escape is six times as long as what it stands for. */
  private static String shortened(String text) {
    String shown = Printable.of(text);
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "..." : shown;
  }
}
