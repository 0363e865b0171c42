package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attention of opsets 23 and 24 as {@link Dense} attention: {@code (Q, K, V, attn_mask, past_key,
 * past_value, nonpad_kv_seqlen) -> (Y, present_key, present_value, qk_matmul_output)}.
 *
 * <p>What differs from the oracle's own conventions: the causal frontier is aligned at the top left
 * unless past keys ({@code offset = n_past}) or valid lengths ({@code offset_b = length_b - n_q})
 * shift it, and qk_matmul_output shows the scores as they are multiplied (mode 0), capped (1),
 * masked (2), or as weights (3).
 */
final class AttentionOperator implements Operator {
  private static final Set<String> KNOWN =
      Set.of(
          "is_causal",
          "kv_num_heads",
          "q_num_heads",
          "qk_matmul_output_mode",
          "scale",
          "softcap",
          "softmax_precision");

  @Override
  public Outputs run(Operands given) throws NotSupportedException {
    Node node = given.node();
    node.knowsOnly(KNOWN);
    OnnxTensor q = given.needNumbers(0, "Q");
    OnnxTensor k = given.needNumbers(1, "K");
    OnnxTensor v = given.needNumbers(2, "V");
    Map<String, Tensor> bare = new LinkedHashMap<>();
    bare.put("q", Heads.split(q.value(), "Q", node.integer("q_num_heads", 0)));
    bare.put("k", Heads.split(k.value(), "K", node.integer("kv_num_heads", 0)));
    bare.put("v", Heads.split(v.value(), "V", node.integer("kv_num_heads", 0)));
    past(given, bare);

    Map<String, Tensor> tensors = new LinkedHashMap<>(bare);
    restrict(given, tensors);
    Evaluation evaluation = Evaluation.define(dense(node, causal(node), softcap(node)), tensors);
    Var out = evaluation.answer().out();
    Var y = q.value().shape().rank() == 3 ? Heads.join(out) : out;
    return new Outputs(
        Arrays.asList(
            y,
            present(evaluation, "k"),
            present(evaluation, "v"),
            given.wants(3) ? scores(node, evaluation, bare) : null),
        Outputs.precision(node, q, k, v));
  }

  private static boolean causal(Node node) {
    return node.integer("is_causal", 0) != 0;
  }

  private static double softcap(Node node) {
    return Math.max(0, node.real("softcap", 0));
  }

  private static Dense dense(Node node, boolean causal, double softcap)
      throws NotSupportedException {
    double scale = node.real("scale", 0);
    if (scale == 0 && node.has("scale")) {
      throw new NotSupportedException("a scale of 0 has no meaning in the oracle");
    }
    return new Dense(causal, scale, softcap, Dense.Rope.NONE, 10000, 0, 0, Dense.Alibi.NONE);
  }

  /** past_key and past_value; an empty cache is none. */
  private static void past(Operands given, Map<String, Tensor> tensors) {
    OnnxTensor key = given.find(4);
    OnnxTensor value = given.find(5);
    Require.argument(
        (key == null) == (value == null),
        "past_key and past_value belong together: give both or none");
    if (key != null && value != null) {
      put(tensors, "past_k", "k", key.value());
      put(tensors, "past_v", "v", value.value());
    }
  }

  private static void put(Map<String, Tensor> tensors, String name, String added, Tensor past) {
    Shape wanted = tensors.getOrDefault(added, past).shape();
    Shape shape = past.shape();
    Require.argument(
        shape.rank() == 4 && shape.with(2, 1).equals(wanted.with(2, 1)),
        "%s has shape %s: all extents but the third must be those of %s %s",
        name,
        shape,
        added,
        wanted);
    if (shape.extent(2) > 0) {
      tensors.put(name, past);
    }
  }

  /** Which pairs take part: mask, lengths and the place of the causal frontier. */
  private static void restrict(Operands given, Map<String, Tensor> tensors) {
    Shape q = shape(tensors, "q");
    int past = tensors.containsKey("past_k") ? shape(tensors, "past_k").extent(2) : 0;
    int keys = Math.addExact(past, shape(tensors, "k").extent(2));
    PairLimit.check(q, keys);
    OnnxTensor mask = given.find(3);
    if (mask != null) {
      tensors.put(AttentionMask.name(mask), AttentionMask.widened(mask, keys));
    }
    Shape batches = Shape.of(q.extent(0));
    OnnxTensor lengths = given.find(6);
    Tensor offset = Tensor.full(batches, past);
    if (lengths != null) {
      Require.argument(
          given.find(4) == null, "nonpad_kv_seqlen and past_key were both given: only one may be");
      Require.argument(
          lengths.value().size() == q.extent(0),
          "nonpad_kv_seqlen has shape %s: [%s] is needed",
          lengths.value().shape(),
          q.extent(0));
      tensors.put("k_lens", lengths.value().reshape(batches));
      offset = Tensor.generate(batches, b -> lengths.value().get(b) - q.extent(2));
    }
    tensors.put("offset", offset);
  }

  private static Shape shape(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name)).shape();
  }

  private static Var present(Evaluation evaluation, String added) {
    Var tail = evaluation.inputs().var(added);
    @Nullable Var past = evaluation.inputs().find("past_" + added);
    return past == null ? tail : Ops.concat(2, past, tail);
  }

  /** qk_matmul_output; modes 0 and 1 show every pair, so nothing may be masked there. */
  private static Var scores(Node node, Evaluation masked, Map<String, Tensor> bare)
      throws NotSupportedException {
    long mode = node.integer("qk_matmul_output_mode", 0);
    Require.argument(
        mode >= 0 && mode <= 3, "qk_matmul_output_mode is %s: it must be 0, 1, 2 or 3", mode);
    if (mode == 3) {
      return DenseScores.of(masked).weights();
    }
    if (mode == 2) {
      return DenseScores.of(masked).maskedLogits();
    }
    Dense dense = dense(node, false, mode == 1 ? softcap(node) : 0);
    return DenseScores.of(Evaluation.define(dense, bare)).maskedLogits();
  }
}
