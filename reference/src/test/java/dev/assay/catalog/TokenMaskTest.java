package dev.assay.catalog;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mechanism that is one softmax equals dense attention under a mask of its pairs, bit by bit. */
class TokenMaskTest {
  static List<Arguments> oneSoftmax() {
    return CatalogCases.small().stream()
        .filter(
            arguments -> {
              Mechanism mechanism = ((Case) arguments.get()[1]).mechanism();
              return mechanism instanceof SlidingWindow
                  || mechanism instanceof BlockSparse
                  // A tail that passes through is no softmax at all: PassedTailTest has it.
                  || (mechanism instanceof HierarchicalChunking chunks
                      && chunks.tail() != HierarchicalChunking.Tail.PASS_THROUGH
                      && chunks.combination() == HierarchicalChunking.Combination.JOINT);
            })
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneSoftmax")
  void it_is_dense_attention_under_the_mask_of_its_pairs(String name, Case problem) {
    Map<String, Tensor> tensors = problem.tensors();
    Evaluation own = Evaluation.define(problem.mechanism(), tensors);
    Map<String, Tensor> masked = new HashMap<>(tensors);
    masked.keySet().removeAll(Set.of("q_lens", "k_lens", "offset"));
    masked.put("mask", pairs(problem.mechanism(), own.inputs(), Results.get(own.results(), "out")));
    Map<String, String> numbers = new HashMap<>(Settings.of(problem.mechanism()));
    numbers.keySet().retainAll(Set.of("scale", "softcap"));
    Mechanism dense = Settings.make(Dense.class, numbers);
    Map<String, Tensor> expected = Evaluation.define(dense, masked).results();
    expected.forEach(
        (result, tensor) ->
            Results.assertSameBits(result, tensor, Results.get(own.results(), result)));
  }

  private static Tensor pairs(Mechanism mechanism, Inputs inputs, Tensor out) {
    return KeepMask.where(
        out.shape().with(3, inputs.var("k").shape().extent(2)),
        x -> !mechanism.rule(inputs, x[0], x[1], x[2], x[3]).equals(Mechanism.NOT_ATTENDED));
  }
}
