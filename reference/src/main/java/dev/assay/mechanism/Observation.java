package dev.assay.mechanism;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.WatchedEngine;
import dev.assay.op.Div;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.Spmm;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a mechanism looked at: the inputs, and the softmaxes it made over pairs of queries and keys,
 * in order; or what stands in for them, weights of features and of recurrences. They come from a
 * run on the scalar engine, which needs no matrix of all pairs; a mechanism that asks no engine is
 * watched through the tape of its definition.
 *
 * @param inputs as {@link Mechanism#rules} wants them
 * @param softmaxes may be empty, where a mechanism has none
 */
public record Observation(Inputs inputs, List<AttentionRows> softmaxes) {
  /** Runs the mechanism forward and watches. */
  public static Observation of(Mechanism mechanism, Map<String, Tensor> tensors) {
    Map<String, Tensor> forward = new LinkedHashMap<>(tensors);
    forward.keySet().removeAll(List.of("d_out", "d_lse"));
    WatchedEngine engine = new WatchedEngine();
    Evaluation run = Evaluation.lower(mechanism, forward, engine);
    if (!engine.softmaxes().isEmpty()) {
      return new Observation(run.inputs(), engine.softmaxes());
    }
    Evaluation defined = Evaluation.define(mechanism, forward);
    return new Observation(defined.inputs(), onTape(defined.tape()));
  }

  /** The recorded softmaxes over [B, H, n_q, n_k], and weights of features, in order. */
  static List<AttentionRows> onTape(Tape tape) {
    List<AttentionRows> found = new ArrayList<>();
    Set<Var> quotients = new HashSet<>();
    for (Node node : tape.nodes()) {
      Var output = node.outputs().getFirst();
      if (output.shape().rank() != 4) {
        continue;
      }
      switch (node.op()) {
        case MaskedSoftmax softmax -> found.add(new Recorded(softmax.keep(), output.value()));
        case Div _ -> quotients.add(output);
        // Weights that were divided by their sum, and then meet values: those of features.
        case Spmm product when quotients.contains(node.inputs().getFirst()) ->
            found.add(new Recorded(product.keep(), node.inputs().getFirst().value()));
        default -> {}
      }
    }
    return found;
  }

  /**
   * The rows of a recorded softmax.
   *
   * @param keep 1 where a pair exists, [B, H, n_q, n_k]
   * @param weights in the shape of {@code keep}
   */
  private record Recorded(Tensor keep, Tensor weights) implements AttentionRows {
    @Override
    public int batches() {
      return keep.shape().extent(0);
    }

    @Override
    public int heads() {
      return keep.shape().extent(1);
    }

    @Override
    public int queries() {
      return keep.shape().extent(2);
    }

    @Override
    public int keys() {
      return keep.shape().extent(3);
    }

    @Override
    public Row row(int b, int h, int i) {
      int start = ((b * heads() + h) * queries() + i) * keys();
      int[] kept = IntStream.range(0, keys()).filter(j -> keep.get(start + j) != 0).toArray();
      return new Row(kept, Arrays.stream(kept).mapToDouble(j -> weights.get(start + j)).toArray());
    }
  }
}
