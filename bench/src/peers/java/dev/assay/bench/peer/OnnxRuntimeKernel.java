package dev.assay.bench.peer;

import dev.assay.bench.PeerKernel;
import dev.assay.bench.peer.OnnxModel.Attribute;
import dev.assay.bench.peer.OnnxModel.Element;
import dev.assay.bench.peer.OnnxModel.Port;
import dev.assay.check.Require;
import dev.assay.engine.Demand;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fastest that ONNX Runtime has: {@code com.microsoft::MultiHeadAttention} for dense plans and
 * {@code com.microsoft::SparseAttention} for causal block plans.
 */
public final class OnnxRuntimeKernel implements PeerKernel {
  private final OnnxRuntimeEngine engine = new OnnxRuntimeEngine();

  @Override
  public String id() {
    return engine.id();
  }

  @Override
  public String precisionClass() {
    return engine.precisionClass();
  }

  @Override
  public Prepared prepare(Branch work, @Nullable Tensor dOut) {
    AttentionProblem p = work.problem();
    Support support =
        engine.supports(
            p, work.plan(), dOut == null ? Set.of(Demand.FORWARD) : Set.of(Demand.BACKWARD));
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    if (work.plan() instanceof BlockPlan block) {
      return new OrtPrepared(
          OrtSparse.model(p, block.mask().queryBound(1)),
          OrtSparse.inputs(p, block.mask()),
          OrtSparse.IN_PLACE,
          p);
    }
    return new OrtPrepared(multiHead(p), inputs(p), Map.of(), p);
  }

  private static Map<String, Tensor> inputs(AttentionProblem p) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", OrtSparse.packed(p.q(), p.batches(), p.heads(), p.queries(), p.depth()));
    inputs.put("k", OrtSparse.packed(p.k(), p.batches(), p.kvHeads(), p.keys(), p.depth()));
    inputs.put("v", OrtSparse.packed(p.v(), p.batches(), p.kvHeads(), p.keys(), p.valueDepth()));
    return inputs;
  }

  private static OnnxModel multiHead(AttentionProblem p) {
    boolean causal = OrtDense.causalFlagSuffices(p);
    Require.argument(
        p.kvHeads() == p.heads()
            && p.valueDepth() == p.depth()
            && p.bias() == null
            && p.softcap() == 0
            && (causal || !OrtDense.restricted(p)),
        "MultiHeadAttention is timed on as many key heads as query heads, d_v = d, and no mask but the causal one");
    return new OnnxModel(
        "com.microsoft",
        1,
        "MultiHeadAttention",
        List.of(
            new Port("q", Element.FLOAT, 3),
            new Port("k", Element.FLOAT, 3),
            new Port("v", Element.FLOAT, 3)),
        List.of(new Port("out", Element.FLOAT, 3)),
        List.of(
            new Attribute("num_heads", (long) p.heads()),
            new Attribute("scale", (float) p.scale()),
            new Attribute("unidirectional", causal ? 1L : 0L)));
  }
}
