package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.op.Rotary.Layout;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RotaryEmbedding of opset 23 as the op {@link dev.assay.op.Rotary}: {@code (X, cos_cache,
 * sin_cache, position_ids) -> Y}, with X [B, H, n, d] or [B, n, H d]. The caches are [positions,
 * r/2], read at position_ids [B, n], or without position_ids [B, n, r/2].
 */
final class RotaryEmbeddingOperator implements Operator {
  private static final Set<String> KNOWN =
      Set.of("interleaved", "num_heads", "rotary_embedding_dim");

  @Override
  public Outputs run(Operands given) throws NotSupportedException {
    Node node = given.node();
    node.knowsOnly(KNOWN);
    OnnxTensor input = given.needNumbers(0, "X");
    OnnxTensor cos = given.needNumbers(1, "cos_cache");
    OnnxTensor sin = given.needNumbers(2, "sin_cache");
    Tensor x = Heads.split(input.value(), "X", node.integer("num_heads", 0));
    int depth = x.shape().extent(3);
    long turned = node.integer("rotary_embedding_dim", 0);
    Angles angles = new Angles(x.shape(), turned == 0 ? depth : turned, given.find(3));

    Tape tape = new Tape();
    Layout layout = node.integer("interleaved", 0) != 0 ? Layout.INTERLEAVED : Layout.HALF;
    Var y =
        Ops.rotary(
            tape.leaf("X", x),
            angles.read(tape.leaf("cos_cache", cos.value())),
            angles.read(tape.leaf("sin_cache", sin.value())),
            layout);
    return new Outputs(
        List.of(input.value().shape().rank() == 3 ? Heads.join(y) : y),
        Outputs.precision(node, input, cos, sin));
  }

  /**
   * Reads the angles of every query from a cache.
   *
   * @param x shape [B, H, n, d]
   * @param turned channels that are turned, r
   * @param positions position_ids, or null
   */
  private record Angles(Shape x, long turned, @Nullable OnnxTensor positions) {
    Var read(Var cache) {
      int batches = x.extent(0);
      int queries = x.extent(2);
      Shape shape = cache.shape();
      int rank = positions == null ? 3 : 2;
      Require.argument(
          shape.rank() == rank, "%s has shape %s: rank %s is needed", cache.name(), shape, rank);
      int pairs = shape.extent(-1);
      Require.argument(
          turned == 2L * pairs && turned <= x.extent(3),
          "%s has angles for %s pairs of channels, but %s of %s channels are to be turned",
          cache.name(),
          pairs,
          turned,
          x.extent(3));
      Var rows = cache;
      if (positions != null) {
        rows = Ops.gather(cache, 0, indices(positions.value(), shape.extent(0)));
      } else {
        Require.argument(
            shape.equals(Shape.of(batches, queries, pairs)),
            "%s has shape %s: [%s, %s, %s] is needed",
            cache.name(),
            shape,
            batches,
            queries,
            pairs);
      }
      return Ops.reshape(rows, Shape.of(batches, 1, queries, pairs));
    }

    private int[] indices(Tensor ids, int most) {
      Require.argument(
          ids.shape().equals(Shape.of(x.extent(0), x.extent(2))),
          "position_ids has shape %s: [%s, %s] is needed",
          ids.shape(),
          x.extent(0),
          x.extent(2));
      int[] indices = new int[ids.size()];
      for (int p = 0; p < indices.length; p++) {
        double id = ids.get(p);
        Require.argument(
            id >= 0 && id < most && id == Math.rint(id),
            "position_ids holds %s: whole numbers in 0..%s are needed",
            id,
            most - 1);
        indices[p] = (int) id;
      }
      return indices;
    }
  }
}
