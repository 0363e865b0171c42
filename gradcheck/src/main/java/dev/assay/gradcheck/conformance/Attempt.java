package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.Map;

/** What an implementation answers to a case. */
sealed interface Attempt {
  /**
   * Results.
   *
   * @param tensors by name
   * @param unsupported expected tensors that the implementation says it cannot give, with reasons
   */
  record Results(Map<String, Given> tensors, Map<String, String> unsupported) implements Attempt {}

  /**
   * A tensor as it was handed in.
   *
   * @param value its numbers
   * @param type its type
   */
  record Given(Tensor value, DType type) {}

  /** It refuses the inputs, in a sentence. */
  record Refusal(String sentence) implements Attempt {}

  /** There is nothing to judge, and why. */
  record Nothing(Status status, String reason) implements Attempt {}
}
