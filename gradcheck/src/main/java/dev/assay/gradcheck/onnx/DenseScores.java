package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Evaluation;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;

/**
 * The scores [B, H, n_q, n_k] inside an evaluation of dense attention, found on its tape.
 *
 * @param logits what went into the softmax, meaningful where kept
 * @param keep the pairs that took part
 * @param weights what came out, 0 where not kept
 */
record DenseScores(Var logits, Tensor keep, Var weights) {

  static DenseScores of(Evaluation evaluation) {
    for (Node node : evaluation.tape().nodes().reversed()) {
      if (node.op() instanceof MaskedSoftmax softmax) {
        return new DenseScores(node.inputs().getFirst(), softmax.keep(), node.outputs().getFirst());
      }
    }
    throw new IllegalStateException("the evaluation recorded no softmax");
  }

  /** The logits, and -inf where a pair takes no part. */
  Var maskedLogits() {
    Tensor barrier =
        Tensor.generate(keep.shape(), p -> keep.get(p) != 0 ? 0 : Double.NEGATIVE_INFINITY);
    return Ops.add(Ops.select(logits, keep), Ops.constant(logits.tape(), barrier));
  }
}
