package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of a pair is what became of it. */
class PrunedRulesTest {
  static Stream<Arguments> cases() {
    return Stream.of(
            QuestCases.all(),
            H2oCases.all(),
            PsaCases.all(),
            SpargeAttentionCases.all(),
            AdaSpaCases.all(),
            FlexPrefillCases.all(),
            MInferenceCases.all(),
            LamCases.all())
        .flatMap(List::stream)
        .filter(one -> !one.roles().equals(Set.of(Case.Role.BENCH)))
        .map(one -> arguments(one.mechanism().id() + "/" + one.name(), one));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rules_name_exactly_the_pairs_that_are_kept(String name, Case one) {
    Map<String, Tensor> tensors = one.tensors();
    Observation seen = Observation.of(one.mechanism(), tensors);
    AttentionRows rows = seen.softmaxes().getFirst();
    Mechanism.Rules rules = one.mechanism().rules(seen.inputs());
    for (int b = 0; b < rows.batches(); b++) {
      for (int h = 0; h < rows.heads(); h++) {
        for (int i = 0; i < rows.queries(); i++) {
          int[] at = {b, h, i};
          List<Integer> told =
              IntStream.range(0, rows.keys())
                  .filter(j -> !told(rules, at, j).equals(Mechanism.NOT_ATTENDED))
                  .boxed()
                  .toList();
          List<Integer> kept = Arrays.stream(rows.row(b, h, i).keys()).boxed().toList();
          assertEquals(kept, told, Arrays.toString(at));
        }
      }
    }
  }

  private static String told(Mechanism.Rules rules, int[] at, int j) {
    return rules.of(at[0], at[1], at[2], j);
  }
}
