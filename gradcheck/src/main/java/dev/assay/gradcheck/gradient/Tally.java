package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts comparisons: those made, those left out, those that could not be made, and failures. */
public final class Tally {
  private static final int REMEMBERED = 20;

  private int checked;
  private int skipped;
  private int refused;
  private int failed;
  private double worst;
  private final List<Mismatch> mismatches = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /** Compares two numbers; only this makes a check count. */
  public void compare(String what, double value, double expected, Tolerance tolerance) {
    checked++;
    boolean fits = tolerance.accepts(value, expected);
    worst = Math.max(worst, ratio(value, expected, tolerance, fits));
    if (!fits) {
      failed++;
      if (mismatches.size() < REMEMBERED) {
        mismatches.add(new Mismatch(what, value, expected, tolerance));
      }
    }
  }

  private static double ratio(double value, double expected, Tolerance tolerance, boolean fits) {
    double error = Math.abs(value - expected);
    if (fits && !(error > 0)) {
      return 0;
    }
    double allowed = tolerance.absolute() + tolerance.relative() * Math.abs(expected);
    double ratio = error / allowed;
    return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
  }

  /** Leaves comparisons out on purpose. */
  public void skip(int number, String why) {
    skipped += number;
    remark(why);
  }

  /** A comparison that would prove nothing. */
  public void refuse(String why) {
    refused++;
    remark(why);
  }

  /** A sentence for the reader. */
  public void remark(String sentence) {
    if (remarks.size() < REMEMBERED && !remarks.contains(sentence)) {
      remarks.add(sentence);
    }
  }

  /** Adds everything that another tally holds. */
  void add(Tally other) {
    checked += other.checked;
    skipped += other.skipped;
    refused += other.refused;
    failed += other.failed;
    worst = Math.max(worst, other.worst);
    mismatches.addAll(other.mismatches);
    other.remarks.forEach(this::remark);
  }

  /** Comparisons made. */
  public int checked() {
    return checked;
  }

  /** Comparisons left out on purpose. */
  public int skipped() {
    return skipped;
  }

  /** Comparisons that would have proved nothing, for instance across a kink. */
  public int refused() {
    return refused;
  }

  /** Comparisons that failed. */
  public int failed() {
    return failed;
  }

  /** The largest error in units of its tolerance; above 1 something failed. */
  public double worst() {
    return worst;
  }

  /** The first failures. */
  public List<Mismatch> mismatches() {
    return Collections.unmodifiableList(mismatches);
  }

  /** Why something was skipped or refused, and where a failure lies. */
  public List<String> remarks() {
    return Collections.unmodifiableList(remarks);
  }
}
