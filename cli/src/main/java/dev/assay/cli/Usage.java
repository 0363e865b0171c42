package dev.assay.cli;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/** Refuses values of options: what was typed is at fault, no file is. */
final class Usage {
  /** A value of an option is none of those allowed; the message says which are. */
  static final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadValue(String sentence) {
      super(sentence);
    }
  }

  private Usage() {}

  /** An integer with a least value. */
  static void atLeast(int least, int value, String option) {
    within(least, Integer.MAX_VALUE, value, option);
  }

  /** An integer between two values. */
  static void within(int least, int most, int value, String option) {
    String rule =
        most == Integer.MAX_VALUE ? "be at least " + least : "lie in " + least + ".." + most;
    require(value >= least && value <= most, "%s is %d: it must %s", option, value, rule);
  }

  /** Anything else that must hold; the sentence is formatted only if it does not. */
  @FormatMethod
  static void require(boolean holds, @FormatString String sentence, Object... values) {
    if (!holds) {
      throw new BadValue(String.format(Locale.ROOT, sentence, values));
    }
  }
}
