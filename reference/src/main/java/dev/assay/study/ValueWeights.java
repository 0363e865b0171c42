package dev.assay.study;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * What the value of each token counts for in each output, {@code E_ij = d out_i / d v_j}, by
 * whatever way it gets there: gates, compressed keys, landmarks and merges included. Where an
 * output is linear in the values, {@code out_i = sum over j of E_ij v_j}, a run over unit vectors
 * for values gives it; whether it is linear is tried on drawn values.
 */
public final class ValueWeights implements AttentionRows {
  /** Values of tokens; some mechanisms project those of global tokens apart. */
  private static final List<String> VALUES = List.of("v", "v_global");

  /** Sums of a few hundred products in fp64 agree to this share of their size. */
  private static final double AGREE = 1e-9;

  private final Tensor weights;

  private ValueWeights(Tensor weights) {
    this.weights = weights;
  }

  /**
   * Measures.
   *
   * @param tensors what the mechanism reads, among it {@code v} [B, H_kv, n_k, d_v]
   * @throws IllegalArgumentException if there is no v, or the output is not linear in it
   */
  public static ValueWeights of(Mechanism mechanism, Map<String, Tensor> tensors) {
    Tensor v = tensors.get("v");
    Require.argument(
        v != null && v.shape().rank() == 4,
        "%s reads no values v [B, H_kv, n_k, d_v], whose weights could be followed",
        mechanism.id());
    Shape shape = Objects.requireNonNull(v).shape();
    int keys = shape.extent(2);
    Shape square = shape.with(3, keys);
    Tensor units = Tensor.generate(square, p -> p / keys % keys == p % keys ? 1 : 0);
    Tensor drawn = new Example(1, 1, 1, 1).draw("v", shape, CaseBuilder.UNIT);
    Tensor weights = run(mechanism, tensors, units);
    Tensor out = run(mechanism, tensors, drawn);
    Require.argument(
        weights.shape().extent(3) == keys && agrees(weights, drawn, out),
        "the output of %s is not linear in v: no weights of values exist",
        mechanism.id());
    return new ValueWeights(weights);
  }

  private static Tensor run(Mechanism mechanism, Map<String, Tensor> tensors, Tensor values) {
    SequencedMap<String, Tensor> given = new LinkedHashMap<>(tensors);
    given.keySet().removeAll(List.of("d_out", "d_lse"));
    VALUES.forEach(name -> given.computeIfPresent(name, (_, _) -> values));
    return Evaluation.lower(mechanism, given, new ScalarEngine()).answer().out().value();
  }

  private static boolean agrees(Tensor weights, Tensor v, Tensor out) {
    Shape shape = out.shape();
    int group = shape.extent(1) / v.shape().extent(1);
    int keys = v.shape().extent(2);
    for (int p = 0; p < out.size(); p++) {
      int[] x = shape.index(p);
      double sum = 0;
      double size = 1;
      for (int j = 0; j < keys; j++) {
        double term = weights.at(x[0], x[1], x[2], j) * v.at(x[0], x[1] / group, j, x[3]);
        sum += term;
        size += Math.abs(term);
      }
      if (!(Math.abs(sum - out.get(p)) <= AGREE * size)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int batches() {
    return weights.shape().extent(0);
  }

  @Override
  public int heads() {
    return weights.shape().extent(1);
  }

  @Override
  public int queries() {
    return weights.shape().extent(2);
  }

  @Override
  public int keys() {
    return weights.shape().extent(3);
  }

  /** The keys whose values count for anything; a weight may have either sign. */
  @Override
  public Row row(int b, int h, int i) {
    int[] met = IntStream.range(0, keys()).filter(j -> weights.at(b, h, i, j) != 0).toArray();
    return new Row(met, IntStream.of(met).mapToDouble(j -> weights.at(b, h, i, j)).toArray());
  }
}
