package dev.assay.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A promise about one measured number.
 *
 * @param value name of the number among those that its experiment measures
 * @param what the number in words
 * @param unit how it is written
 * @param direction which way is better
 * @param must what it has to reach; null where it is only reported
 * @param aim what it should reach; null for none
 */
public record Goal(
    String value,
    String what,
    Unit unit,
    Direction direction,
    @Nullable Double must,
    @Nullable Double aim) {
  private static final double PERCENT = 100;

  /** How a number is written. */
  public enum Unit {
    /** A share, kept as a fraction, written in per cent. */
    PERCENT,
    /** How many times. */
    TIMES,
    /** Bytes. */
    BYTES
  }

  /** Which way is better. */
  public enum Direction {
    /** The more the better. */
    AT_LEAST,
    /** The less the better. */
    AT_MOST
  }

  /** A share that is to be large. */
  public static Goal share(String value, String what, double must, double aim) {
    return new Goal(value, what, Unit.PERCENT, Direction.AT_LEAST, must, aim);
  }

  /** A deviation that is to be small. */
  public static Goal deviation(String value, String what, double must, @Nullable Double aim) {
    return new Goal(value, what, Unit.PERCENT, Direction.AT_MOST, must, aim);
  }

  /** A speed-up. */
  public static Goal times(String value, String what, double must, double aim) {
    return new Goal(value, what, Unit.TIMES, Direction.AT_LEAST, must, aim);
  }

  /** A number that nothing was promised about. */
  public static Goal reported(String value, String what, Unit unit) {
    return new Goal(value, what, unit, Direction.AT_LEAST, null, null);
  }

  /** What is to be said of a measured number. */
  public Verdict judge(double measured) {
    if (must == null && aim == null) {
      return Verdict.REPORTED;
    }
    if (must != null && !reaches(measured, must)) {
      return Verdict.MISSED;
    }
    return aim == null || reaches(measured, aim) ? Verdict.AIM_REACHED : Verdict.REACHED;
  }

  private boolean reaches(double measured, double threshold) {
    return direction == Direction.AT_LEAST ? measured >= threshold : measured <= threshold;
  }

  /** A number in the unit. */
  public String text(@Nullable Double number) {
    if (number == null) {
      return "-";
    }
    return switch (unit) {
      case PERCENT -> String.format(Locale.ROOT, "%.1f %%", PERCENT * number);
      case TIMES -> String.format(Locale.ROOT, "%.2fx", number);
      case BYTES -> String.format(Locale.ROOT, "%.1f B", number);
    };
  }

  /** A spread of numbers in the unit, which is named once. */
  public String text(Spread spread) {
    String low = text(spread.low());
    return low.replaceFirst("[^0-9.-]+$", "") + ".." + text(spread.high());
  }

  /** A threshold in the unit, with the direction where it is not the usual one. */
  public String threshold(@Nullable Double number) {
    return (number != null && direction == Direction.AT_MOST ? "<= " : "") + text(number);
  }
}
