package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.AttentionRows.Row;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.chunked.TransformerLs;
import dev.assay.study.ValueWeights;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What values count for, of every mechanism. */
class ValueWeightsTest {
  private static final Example EXAMPLE = new Example(2, 24, 8, 1);

  static List<Mechanism> mechanisms() {
    return MechanismCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void the_output_of_every_mechanism_but_one_is_linear_in_its_values(Mechanism mechanism) {
    if (mechanism instanceof TransformerLs normalised) {
      Map<String, Tensor> tensors = normalised.example(EXAMPLE);
      assertThrows(IllegalArgumentException.class, () -> ValueWeights.of(normalised, tensors));
      return;
    }
    ValueWeights weights = ValueWeights.of(mechanism, mechanism.example(EXAMPLE));
    assertEquals(24, weights.keys());
    double sum = 0;
    for (int i = 0; i < 24; i++) {
      Row row = weights.row(0, 0, i);
      sum += Arrays.stream(row.weights()).map(Math::abs).sum();
      sum += Arrays.stream(weights.row(0, 1, i).weights()).map(Math::abs).sum();
    }
    assertTrue(sum > 0 && Double.isFinite(sum), mechanism.id() + ": " + sum);
  }
}
