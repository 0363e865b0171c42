package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Gradient;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A function as it was recorded at a point.
 *
 * @param tape everything that was computed
 * @param inputs the differentiated inputs
 * @param outputs the results
 * @param margin how far the nearest discrete choice lies from falling otherwise
 */
public record Recording(Tape tape, List<Var> inputs, List<Var> outputs, double margin) {

  /** The gradients of {@code <w, outputs>} with respect to some values of the tape. */
  List<Tensor> gradients(List<Tensor> w, List<Var> wrt) {
    return values(record(w, wrt));
  }

  /** The same, as recorded values. */
  List<Var> record(List<Tensor> w, List<Var> wrt) {
    List<Var> cotangents = new ArrayList<>();
    w.forEach(one -> cotangents.add(tape.leaf("w", one)));
    return Gradient.of(outputs, cotangents, wrt);
  }

  static List<Tensor> values(List<Var> vars) {
    return vars.stream().map(Var::value).toList();
  }
}
