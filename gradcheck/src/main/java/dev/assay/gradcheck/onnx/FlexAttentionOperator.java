package dev.assay.gradcheck.onnx;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * FlexAttention of ai.onnx.preview without the graphs that change scores or weights: {@code (Q, K,
 * V) -> Y}, {@link Dense} attention of every pair.
 *
 * <p>Its scale is multiplied into Q and into K by halves: {@code sqrt(scale)}, computed in binary32
 * and rounded to Q's type, is part of what the operator means, so the oracle squares that number.
 */
final class FlexAttentionOperator implements Operator {
  private static final Set<String> KNOWN =
      Set.of("scale", "softmax_precision", "score_mod", "prob_mod");

  @Override
  public Outputs run(Operands given) throws NotSupportedException {
    Node node = given.node();
    node.knowsOnly(KNOWN);
    for (String graph : List.of("score_mod", "prob_mod")) {
      if (node.has(graph)) {
        throw new NotSupportedException("its graph attribute " + graph + " is not evaluated here");
      }
    }
    OnnxTensor q = given.needNumbers(0, "Q");
    OnnxTensor k = given.needNumbers(1, "K");
    OnnxTensor v = given.needNumbers(2, "V");
    Shape shape = q.value().shape();
    Require.argument(
        shape.rank() == 4 && k.value().shape().rank() == 4,
        "Q %s and K %s must have rank 4",
        shape,
        k.value().shape());
    PairLimit.check(shape, k.value().shape().extent(2));
    Dense dense =
        new Dense(
            false,
            scale(node, shape, q.dtype()),
            0,
            Dense.Rope.NONE,
            10000,
            0,
            0,
            Dense.Alibi.NONE);
    PrecisionClass precision = Outputs.precision(node, q, k, v);
    Evaluation evaluation =
        Evaluation.define(dense, Map.of("q", q.value(), "k", k.value(), "v", v.value()));
    return new Outputs(List.of(evaluation.answer().out()), precision);
  }

  private static double scale(Node node, Shape q, DType type) throws NotSupportedException {
    double whole = node.real("scale", 1 / Math.sqrt(q.extent(-1)));
    if (!(whole > 0)) {
      throw new NotSupportedException("a scale that is not above 0 has no square root to halve it");
    }
    double half = type.round((float) Math.sqrt((float) whole));
    return half * half;
  }
}
