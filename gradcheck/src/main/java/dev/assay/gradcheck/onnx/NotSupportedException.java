package dev.assay.gradcheck.onnx;

/** The model is well formed, but asks for something that the oracle does not compute. */
final class NotSupportedException extends Exception {
  private static final long serialVersionUID = 1L;

  NotSupportedException(String reason) {
    super(reason);
  }
}
