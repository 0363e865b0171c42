package dev.assay.bench.peer;

import dev.assay.bench.PeerKernel.Prepared;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A dense attention in libtorch's own memory: {@code scaled_dot_product_attention}, and its
 * gradients by autograd. Memory that a run takes is given back when it ends; what lies outside of
 * runs lives until {@link #close}.
 */
final class TorchAttention implements Prepared {
  private static final String[] GRADIENTS = {"dq", "dk", "dv"};

  private final AttentionProblem problem;
  private final org.bytedeco.pytorch.Tensor q;
  private final org.bytedeco.pytorch.Tensor k;
  private final org.bytedeco.pytorch.Tensor v;
  private final TensorOptional mask;
  private final boolean causalFlag;
  private final org.bytedeco.pytorch.@Nullable Tensor dOut;
  private final Map<String, Tensor> results = new LinkedHashMap<>();

  TorchAttention(AttentionProblem problem, @Nullable Tensor dOut) {
    this.problem = problem;
    boolean additive = problem.bias() != null;
    // Its flag and its mask exclude each other.
    this.causalFlag = !additive && OrtDense.causalFlagSuffices(problem);
    boolean masked = additive || (!causalFlag && OrtDense.restricted(problem));
    this.q = torch(problem.q(), dOut != null);
    this.k = torch(problem.k(), dOut != null);
    this.v = torch(problem.v(), dOut != null);
    this.dOut = dOut == null ? null : torch(dOut, false);
    this.mask = masked ? new TensorOptional(mask(problem, additive)) : new TensorOptional();
  }

  private static org.bytedeco.pytorch.Tensor mask(AttentionProblem problem, boolean additive) {
    org.bytedeco.pytorch.Tensor numbers = torch(OrtDense.mask(problem, additive, false), false);
    return additive ? numbers : numbers.to(torch.ScalarType.Bool);
  }

  private static org.bytedeco.pytorch.Tensor torch(Tensor tensor, boolean differentiated) {
    long[] extents = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
    try (FloatPointer numbers = new FloatPointer(tensor.floats())) {
      return torch.from_blob(numbers, extents).clone().set_requires_grad(differentiated);
    }
  }

  @Override
  public void run() {
    run(false);
  }

  private void run(boolean kept) {
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(dOut != null)) {
      org.bytedeco.pytorch.Tensor out =
          torch.scaled_dot_product_attention(
              q,
              perQueryHead(k),
              perQueryHead(v),
              mask,
              0,
              causalFlag,
              new DoubleOptional(problem.scale()),
              false);
      if (kept) {
        results.put("out", copy(out, problem.outShape()));
      }
      if (dOut != null) {
        TensorVector gradients =
            torch.grad(
                new TensorVector(out),
                new TensorVector(q, k, v),
                new TensorVector(dOut),
                new org.bytedeco.pytorch.BoolOptional(),
                false,
                false);
        Shape[] shapes = {problem.q().shape(), problem.k().shape(), problem.v().shape()};
        for (int g = 0; kept && g < GRADIENTS.length; g++) {
          results.put(GRADIENTS[g], copy(gradients.get(g), shapes[g]));
        }
      }
    }
  }

  private org.bytedeco.pytorch.Tensor perQueryHead(org.bytedeco.pytorch.Tensor kv) {
    int group = problem.heads() / problem.kvHeads();
    return group == 1 ? kv : kv.repeat_interleave(group, new LongOptional(1), new LongOptional());
  }

  private static Tensor copy(org.bytedeco.pytorch.Tensor tensor, Shape shape) {
    float[] values = new float[shape.size()];
    tensor.contiguous().data_ptr_float().get(values);
    return Tensor.adopt(shape, values);
  }

  @Override
  public Map<String, Tensor> results() {
    run(true);
    return new LinkedHashMap<>(results);
  }

  @Override
  public void close() {
    q.close();
    k.close();
    v.close();
    mask.close();
    if (dOut != null) {
      dOut.close();
    }
  }
}
