package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.assay.catalog.CatalogCases;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.linear.LinearRecurrence;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The weights that are watched on the engine are those of the definition. */
class ObservationTest {
  /** The weights of a recurrence are on no tape: its own test has them. */
  static List<Arguments> cases() {
    return CatalogCases.small().stream()
        .filter(arguments -> !(((Case) arguments.get()[1]).mechanism() instanceof LinearRecurrence))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void watched_weights_are_those_on_the_tape_of_the_definition(String name, Case source) {
    Map<String, Tensor> tensors = source.tensors();
    tensors.keySet().removeAll(Set.of("d_out", "d_lse"));
    List<AttentionRows> watched = Observation.of(source.mechanism(), tensors).softmaxes();
    List<AttentionRows> defined =
        Observation.onTape(Evaluation.define(source.mechanism(), tensors).tape());
    assertEquals(defined.size(), watched.size());
    for (int s = 0; s < defined.size(); s++) {
      assertSameWeights(defined.get(s), watched.get(s));
    }
  }

  private static void assertSameWeights(AttentionRows expected, AttentionRows actual) {
    for (int b = 0; b < expected.batches(); b++) {
      for (int h = 0; h < expected.heads(); h++) {
        for (int i = 0; i < expected.queries(); i++) {
          Row row = actual.row(b, h, i);
          assertArrayEquals(
              spread(expected.row(b, h, i), expected.keys()),
              spread(row, expected.keys()),
              1e-15,
              "weights below 1 from the same logits, summed in the same order");
        }
      }
    }
  }

  private static double[] spread(Row row, int keys) {
    double[] all = new double[keys];
    for (int e = 0; e < row.keys().length; e++) {
      all[row.keys()[e]] = row.weights()[e];
    }
    return all;
  }

  @Test
  void the_weights_of_a_row_sum_to_one() {
    Case source = new SlidingWindow(4, true, 0, 0).cases().getFirst();
    AttentionRows rows =
        Observation.of(source.mechanism(), source.tensors()).softmaxes().getFirst();
    double[] weights = rows.row(0, 0, rows.queries() - 1).weights();
    assertEquals(1, Arrays.stream(weights).sum(), 1e-15 * weights.length);
  }

  @Test
  void a_backward_pass_is_not_watched() {
    Case source = new SlidingWindow(4, true, 0, 0).cases().getFirst();
    assertFalse(source.tensors().get("d_out") == null, "the case has a cotangent");
    assertEquals(1, Observation.of(source.mechanism(), source.tensors()).softmaxes().size());
  }

  @Test
  void the_kind_of_a_rule_stands_before_the_colon() {
    Case source = new SlidingWindow(4, true, 0, 0).cases().getFirst();
    Observation seen = Observation.of(source.mechanism(), source.tensors());
    Mechanism.Rules rules = source.mechanism().rules(seen.inputs());
    assertEquals(
        List.of("window"),
        IntStream.of(seen.softmaxes().getFirst().row(0, 0, 3).keys())
            .mapToObj(j -> rules.of(0, 0, 3, j).split(":", 2)[0])
            .distinct()
            .toList());
  }
}
