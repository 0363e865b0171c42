package dev.assay.gradcheck.conformance;

/** What gives a wrong result away. */
public enum Alarm {
  /** A number is outside its bound. */
  ELEMENT('e', "a number is outside its bound"),
  /** A number is NaN or infinite where the right one is finite. */
  NAN('n', "a number is NaN or infinite where the right one is finite"),
  /** A number differs that no order of evaluation rounds, or a choice. */
  EXACT('x', "a number differs that has no tolerance"),
  /** Many numbers lean to one side together, each within its bound. */
  BIAS('b', "many numbers lean to one side together"),
  /** Values that nobody may read changed the bits of a result. */
  TWIN('t', "values that nobody may read changed a bit"),
  /** The engine broke down, or refused what is right. */
  CRASH('c', "it broke down, or refused what is right"),
  /** A result is missing or has another shape. */
  SHAPE('s', "a result is missing or has another shape");

  private final char letter;
  private final String meaning;

  Alarm(char letter, String meaning) {
    this.letter = letter;
    this.meaning = meaning;
  }

  /** In words. */
  public String meaning() {
    return meaning;
  }

  /** In the kill matrix. */
  public char letter() {
    return letter;
  }
}
