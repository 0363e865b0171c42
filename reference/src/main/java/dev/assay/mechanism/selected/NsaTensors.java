package dev.assay.mechanism.selected;

import dev.assay.mechanism.Given;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.mechanism.selected.NativeSparseAttention.Phi;
import dev.assay.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The tensors of {@link NativeSparseAttention}. */
final class NsaTensors {
  /** Gates of the compressed, the selected and the window branch. */
  static final List<String> GATES = List.of("g_cmp", "g_slc", "g_win");

  private NsaTensors() {}

  static List<TensorSpec> all() {
    return Given.qkvAnd(
        gate("g_cmp", "compressed"),
        gate("g_slc", "selected"),
        gate("g_win", "window"),
        own("q_cmp", "[B, H, n_q, d]", "Queries of the compressed branch, instead of q."),
        own("k_cmp", "[B, H_kv, n_k, d]", "Keys that are compressed, instead of k."),
        own("v_cmp", "[B, H_kv, n_k, d_v]", "Values that are compressed, instead of v."),
        own("k_win", "[B, H_kv, n_k, d]", "Keys of the window branch, instead of k."),
        own("v_win", "[B, H_kv, n_k, d_v]", "Values of the window branch, instead of v."),
        weight("pe_k", "[H_kv, l, d]", "Added to the keys of every window, by their place."),
        weight("pe_v", "[H_kv, l, d_v]", "Added to the values of every window."),
        weight("phi_k", SHAPES.formatted("d", "d"), "Weights of phi for keys, MEAN has none."),
        weight("phi_k_bias", "[m]", "With phi MLP: added before the relu."),
        weight("phi_k_out", "[d, m]", "With phi MLP: its second layer."),
        weight("phi_k_out_bias", "[d]", "With phi MLP: added after it."),
        weight("phi_v", SHAPES.formatted("d_v", "d_v"), "Weights of phi for values."),
        weight("phi_v_bias", "[m]", "As phi_k_bias."),
        weight("phi_v_out", "[d_v, m]", "As phi_k_out."),
        weight("phi_v_out_bias", "[d_v]", "As phi_k_out_bias."),
        weight("mem_k", "[H_kv, s, d]", "Compressed keys that every query sees, as lucidrains."),
        weight("mem_v", "[H_kv, s, d_v]", "Their values."),
        Given.choice(
            "idx",
            "[B|1, H_kv|1, n_q, any]",
            "Selected blocks of each query and group of heads, instead of choosing them; -1 for"
                + " none."),
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  private static final String SHAPES = "[H_kv, l], [H_kv, l %s, %s] or [m, l d]";

  private static TensorSpec gate(String name, String branch) {
    return new TensorSpec(
        name, "[B, H, n_q]", Kind.INPUT, true, "Gate of the " + branch + " branch.");
  }

  private static TensorSpec own(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.INPUT, false, meaning);
  }

  private static TensorSpec weight(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.PARAMETER, false, meaning);
  }

  /** The parameters that phi cannot do without, for keys and values of d channels. */
  static SequencedMap<String, Shape> phiShapes(NativeSparseAttention nsa, int kvHeads, int depth) {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    int window = nsa.compressBlock();
    for (String phi : List.of("phi_k", "phi_v")) {
      switch (nsa.phi()) {
        case MEAN -> {}
        case WEIGHTED -> shapes.put(phi, Shape.of(kvHeads, window));
        case LINEAR -> shapes.put(phi, Shape.of(kvHeads, window * depth, depth));
        case MLP -> {
          shapes.put(phi, Shape.of(window * depth, window * depth));
          shapes.put(phi + "_out", Shape.of(depth, window * depth));
        }
      }
    }
    return shapes;
  }

  /** The shape that the first weights of phi must have; the extent m of an MLP is free. */
  static Shape phiShape(Phi phi, int kvHeads, int window, int depth, int hidden) {
    return switch (phi) {
      case MEAN, WEIGHTED -> Shape.of(kvHeads, window);
      case LINEAR -> Shape.of(kvHeads, window * depth, depth);
      case MLP -> Shape.of(hidden, window * depth);
    };
  }
}
