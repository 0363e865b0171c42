package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.chunked.HierarchicalChunking.Combination;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mechanism can be looked at without data. */
class ExampleTest {
  static Stream<Mechanism> mechanisms() {
    return Stream.concat(
        MechanismCatalog.all().stream(),
        Stream.of(Combination.values())
            .map(
                combination ->
                    Settings.make(
                        HierarchicalChunking.class, Map.of("combination", combination.name()))));
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void every_mechanism_runs_on_its_example(Mechanism mechanism) {
    Map<String, Tensor> tensors = mechanism.example(new Example(2, 37, 4, 1));
    Observation seen = Observation.of(mechanism, tensors);
    assertFalse(seen.softmaxes().isEmpty());
    assertEquals(Shape.of(1, 2, 37, 4), seen.inputs().var("q").shape());
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void one_token_is_enough(Mechanism mechanism) {
    Map<String, Tensor> tensors = mechanism.example(new Example(1, 1, 1, 1));
    assertEquals(1, Observation.of(mechanism, tensors).softmaxes().getFirst().keys());
  }

  @Test
  void another_seed_gives_other_numbers() {
    assertFalse(
        new Example(1, 3, 2, 1)
            .qkv()
            .sequencedValues()
            .getFirst()
            .bitEquals(new Example(1, 3, 2, 2).qkv().sequencedValues().getFirst()));
  }

  @Test
  void nothing_to_look_at_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new Example(1, 0, 4, 1));
  }
}
