package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle says a node gives.
 *
 * @param values outputs by position on the tapes that computed them, null for one that nobody wants
 * @param precision the arithmetic that the file's outputs may have been computed in: the coarsest
 *     type that takes part
 */
record Outputs(List<@Nullable Var> values, PrecisionClass precision) {

  /** The class of the coarsest of the types; a node may name one more for its softmax. */
  static PrecisionClass precision(Node node, OnnxTensor... inputs) {
    PrecisionClass coarsest = softmax(node.integer("softmax_precision", 11));
    for (OnnxTensor input : inputs) {
      PrecisionClass type = of(input.dtype());
      coarsest = type.uO() > coarsest.uO() ? type : coarsest;
    }
    return coarsest;
  }

  private static PrecisionClass softmax(long type) {
    Require.argument(
        type == 1 || type == 10 || type == 11 || type == 16,
        "softmax_precision is %s: it must be 1, 10, 11 or 16, a floating type",
        type);
    return of(type == 1 ? DType.F32 : type == 10 ? DType.F16 : type == 16 ? DType.BF16 : DType.F64);
  }

  private static PrecisionClass of(DType type) {
    return switch (type) {
      case F64 -> PrecisionClass.F64;
      case F32 -> PrecisionClass.F32_FLASH;
      case F16 -> PrecisionClass.FP16_FLASH;
      case BF16 -> PrecisionClass.BF16_FLASH;
      default -> throw new IllegalArgumentException(type + " is no floating type");
    };
  }
}
