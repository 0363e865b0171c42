package dev.assay.gradcheck.onnx;

import java.util.List;

/** What became of one node test. */
public sealed interface Outcome {
  /** Name of the test: its folder. */
  String test();

  /**
   * The file's outputs are right.
   *
   * @param test its name
   * @param operator what was computed
   */
  record Passed(String test, String operator) implements Outcome {}

  /**
   * They are not.
   *
   * @param test its name
   * @param operator what was computed
   * @param differences one for each wrong output, never empty
   */
  record Failed(String test, String operator, List<Difference> differences) implements Outcome {}

  /**
   * The oracle does not compute this.
   *
   * @param test its name
   * @param operator what would have to be computed
   * @param reason what is missing
   */
  record NotSupported(String test, String operator, String reason) implements Outcome {}

  /**
   * The test itself is broken.
   *
   * @param test its name
   * @param sentence file, field and rule
   */
  record Malformed(String test, String sentence) implements Outcome {}
}
