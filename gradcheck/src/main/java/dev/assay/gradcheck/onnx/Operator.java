package dev.assay.gradcheck.onnx;

/** An ONNX operator in terms of the oracle. */
sealed interface Operator
    permits AttentionOperator,
        FlexAttentionOperator,
        LinearAttentionOperator,
        RotaryEmbeddingOperator {
  /**
   * Computes the outputs.
   *
   * @throws NotSupportedException if the node asks for what the oracle does not compute
   * @throws IllegalArgumentException if the inputs break a rule of the operator
   */
  Outputs run(Operands given) throws NotSupportedException;

  /**
   * The operator of a node.
   *
   * @throws NotSupportedException if there is none here
   */
  static Operator of(Node node) throws NotSupportedException {
    return switch (node.qualifiedName()) {
      case "Attention" -> new AttentionOperator();
      case "LinearAttention" -> new LinearAttentionOperator();
      case "RotaryEmbedding" -> new RotaryEmbeddingOperator();
      case "ai.onnx.preview.FlexAttention" -> new FlexAttentionOperator();
      default -> throw new NotSupportedException("the oracle has no such operator");
    };
  }
}
