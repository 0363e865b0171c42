package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.assay.autograd.Node;
import dev.assay.engine.Attend;
import dev.assay.engine.ScalarEngine;
import dev.assay.op.Sddmm;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeepMaskTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.catalog.CatalogCases#small")
  void it_and_the_problem_allow_the_same_pairs(String name, Case source) {
    List<AttentionProblem> problems = new ArrayList<>();
    var lowered = Evaluation.lower(source.mechanism(), source.tensors(), new ScalarEngine());
    for (Node node : lowered.tape().nodes()) {
      if (node.op() instanceof Attend attend) {
        problems.add(attend.problem());
      }
    }
    assertFalse(problems.isEmpty());
    for (AttentionProblem problem : problems) {
      Tensor keep = KeepMask.of(problem, (b, h, i, j) -> true);
      for (int p = 0; p < keep.size(); p++) {
        int[] x = keep.shape().index(p);
        assertEquals(problem.allows(x[0], x[1], x[2], x[3]) ? 1 : 0, keep.get(p));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.catalog.CatalogCases#small")
  void the_rule_of_a_pair_is_named_where_a_logit_is_formed_and_nowhere_else(
      String name, Case source) {
    Map<String, Tensor> tensors = source.tensors();
    // Without a backward pass, whose products are sampled as well.
    tensors.keySet().removeAll(Set.of("d_out", "d_lse"));
    Evaluation defined = Evaluation.define(source.mechanism(), tensors);
    List<Tensor> keeps = new ArrayList<>();
    for (Node node : defined.tape().nodes()) {
      if (node.op() instanceof Sddmm product) {
        keeps.add(product.keep());
      }
    }
    Tensor first = keeps.getFirst();
    Mechanism.Rules rules = source.mechanism().rules(defined.inputs());
    for (int p = 0; p < first.size(); p++) {
      int at = p;
      int[] x = first.shape().index(p);
      String rule = rules.of(x[0], x[1], x[2], x[3]);
      assertEquals(
          keeps.stream().anyMatch(keep -> keep.get(at) != 0),
          !rule.equals(Mechanism.NOT_ATTENDED),
          () -> "query %d, key %d: %s".formatted(x[2], x[3], rule));
    }
  }
}
