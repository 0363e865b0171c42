package dev.assay.check;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/**
 * Guards for arguments. Each failure is one sentence: the name, the value, the rule, and (in the
 * rule's words) the remedy.
 */
public final class Require {
  private Require() {}

  /**
   * Checks a condition on an argument.
   *
   * @param holds whether the rule holds
   * @param template the sentence, in {@link String#format} syntax
   * @param values what the template names
   * @throws IllegalArgumentException with the sentence, if the rule does not hold
   */
  @FormatMethod
  public static void argument(boolean holds, @FormatString String template, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, template, values));
    }
  }

  /**
   * Checks that the object is in a state in which the call makes sense.
   *
   * @throws IllegalStateException with the sentence, if it is not
   */
  @FormatMethod
  public static void state(boolean holds, @FormatString String template, Object... values) {
    if (!holds) {
      throw new IllegalStateException(String.format(Locale.ROOT, template, values));
    }
  }

  /** Checks that {@code value >= 0} and returns it. */
  public static int notNegative(int value, String name) {
    argument(value >= 0, "%s is %d: it must not be negative", name, value);
    return value;
  }

  /** Checks that {@code value > 0} and returns it. */
  public static int positive(int value, String name) {
    argument(value > 0, "%s is %d: it must be at least 1", name, value);
    return value;
  }

  /** Checks that {@code 0 <= index < bound} and returns the index. */
  public static int index(int index, int bound, String name) {
    argument(bound > 0, "%s is %d, but there is none to choose", name, index);
    argument(index >= 0 && index < bound, "%s is %d: it must lie in 0..%d", name, index, bound - 1);
    return index;
  }

  /** Checks that a real number is neither infinite nor NaN and returns it. */
  public static double finite(double value, String name) {
    argument(Double.isFinite(value), "%s is %s: it must be a finite number", name, value);
    return value;
  }
}
