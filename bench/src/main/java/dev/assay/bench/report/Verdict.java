package dev.assay.bench.report;

/** What is said of a number that was held to its goal. */
public enum Verdict {
  /** What must be, and what was aimed at. */
  AIM_REACHED("aim reached"),
  /** What must be, but not what was aimed at. */
  REACHED("reached"),
  /** Less than must be, or wrong results, or no result. */
  MISSED("MISSED"),
  /** Nothing was promised. */
  REPORTED("reported"),
  /** It could not be measured here. */
  NOT_MEASURED("not measured");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** In words. */
  public String text() {
    return text;
  }
}
