package dev.assay.bench.peer;

import dev.assay.bench.peer.OnnxModel.Attribute;
import dev.assay.bench.peer.OnnxModel.Element;
import dev.assay.bench.peer.OnnxModel.Port;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dense problems on the standard {@code Attention} operator of opset 23. Its causal flag is used
 * where it says what the problem says (no offset, no window, no lengths); everything else goes in
 * as its {@code attn_mask}.
 */
final class OrtDense {
  private OrtDense() {}

  static Tensor run(AttentionProblem problem) {
    boolean flag = causalFlagSuffices(problem);
    boolean masked = !flag && restricted(problem);
    boolean additive = problem.bias() != null;
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", problem.q());
    inputs.put("k", problem.k());
    inputs.put("v", problem.v());
    List<Port> ports = new ArrayList<>();
    for (String name : inputs.keySet()) {
      ports.add(new Port(name, Element.FLOAT, 4));
    }
    if (masked || additive) {
      ports.add(new Port("mask", additive ? Element.FLOAT : Element.BOOL, 4));
      inputs.put("mask", mask(problem, additive, flag));
    }
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(new Attribute("scale", (float) problem.scale()));
    attributes.add(new Attribute("is_causal", flag ? 1L : 0L));
    if (problem.softcap() > 0) {
      attributes.add(new Attribute("softcap", (float) problem.softcap()));
    }
    OnnxModel model =
        new OnnxModel(
            "", 23, "Attention", ports, List.of(new Port("out", Element.FLOAT, 4)), attributes);
    return OrtSession.run(model, inputs, Map.of(), problem.outShape());
  }

  /** The operator's causal frontier is top-left; it agrees with ours where every offset is 0. */
  static boolean causalFlagSuffices(AttentionProblem problem) {
    boolean plain = problem.causal() && problem.window() == null && problem.mask() == null;
    for (int b = 0; b < problem.batches(); b++) {
      plain &=
          problem.offset(b) == 0
              && problem.queryLength(b) == problem.queries()
              && problem.keyLength(b) == problem.keys();
    }
    return plain;
  }

  /** Whether some pairs do not exist, a bias of -inf apart. */
  static boolean restricted(AttentionProblem problem) {
    boolean restricted = problem.causal() || problem.window() != null || problem.mask() != null;
    for (int b = 0; b < problem.batches(); b++) {
      restricted |=
          problem.queryLength(b) != problem.queries() || problem.keyLength(b) != problem.keys();
    }
    return restricted;
  }

  /**
   * The predicates, pair by pair: 1 and 0, or the bias and -inf; only the bias where the rest is
   * said by a flag.
   */
  static Tensor mask(AttentionProblem p, boolean additive, boolean biasOnly) {
    Shape shape = Shape.of(p.batches(), p.heads(), p.queries(), p.keys());
    float[] values = new float[shape.size()];
    int position = 0;
    for (int b = 0; b < p.batches(); b++) {
      for (int h = 0; h < p.heads(); h++) {
        for (int i = 0; i < p.queries(); i++) {
          for (int j = 0; j < p.keys(); j++) {
            boolean allowed = biasOnly || p.allows(b, h, i, j);
            float open = additive ? (float) p.biasAt(b, h, i, j) : 1;
            values[position++] = allowed ? open : additive ? Float.NEGATIVE_INFINITY : 0;
          }
        }
      }
    }
    return Tensor.adopt(shape, values);
  }
}
