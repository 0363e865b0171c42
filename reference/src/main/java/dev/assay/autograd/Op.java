package dev.assay.autograd;

import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of tensors that can be recorded on a {@link Tape}. Implementations are immutable. */
public interface Op {
  /** What a drawing or an error message calls it. */
  String name();

  /** The outputs for the given inputs. */
  List<Tensor> run(List<Tensor> inputs);

  /**
   * The vector-Jacobian product, written with recorded functions, so that a gradient is itself a
   * graph.
   *
   * @param node what was recorded: inputs and outputs
   * @param cotangents one for each output; null stands for zero
   * @return one cotangent for each input; null stands for zero
   */
  List<@Nullable Var> pullback(Node node, List<@Nullable Var> cotangents);
}
