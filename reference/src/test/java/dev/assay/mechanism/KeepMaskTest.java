package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Node;
import dev.assay.catalog.CatalogCases;
import dev.assay.engine.Attend;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.ScalarEngine;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeepMaskTest {
  private static List<AttentionProblem> problems(Case source) {
    List<AttentionProblem> problems = new ArrayList<>();
    var lowered = Evaluation.lower(source.mechanism(), source.tensors(), new ScalarEngine());
    for (Node node : lowered.tape().nodes()) {
      if (node.op() instanceof Attend attend) {
        problems.add(attend.problem());
      }
    }
    return problems;
  }

  /** The others put their softmax together from ops, and ask no engine. */
  static List<Arguments> casesWithProblems() {
    return CatalogCases.small().stream()
        .filter(arguments -> !problems((Case) arguments.get()[1]).isEmpty())
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesWithProblems")
  void it_and_the_problem_allow_the_same_pairs(String name, Case source) {
    for (AttentionProblem problem : problems(source)) {
      Tensor keep = KeepMask.of(problem, (b, h, i, j) -> true);
      for (int p = 0; p < keep.size(); p++) {
        int[] x = keep.shape().index(p);
        assertEquals(problem.allows(x[0], x[1], x[2], x[3]) ? 1 : 0, keep.get(p));
      }
    }
  }

  /**
   * Mechanisms, and cases, whose rules speak of more than the pairs of softmaxes over the tokens:
   * states and features, landmarks, averages of lazy queries, zero keys, corrections of a weight,
   * an infinite logit that hides the others.
   */
  private static final Set<String> BEYOND_SOFTMAX =
      Set.of(
          "linear-recurrence",
          "linear-transformer",
          "performer",
          "nystromformer",
          "informer",
          "anchor-attention/landmarks",
          "anchor-attention/landmarks-separate-keys",
          "long-net/torchscale",
          "cao/literal-future",
          "dense/infinite-logit");

  static List<Arguments> casesOfPairs() {
    return CatalogCases.small().stream()
        .filter(
            arguments -> {
              String name = (String) arguments.get()[0];
              return !BEYOND_SOFTMAX.contains(name)
                  && !BEYOND_SOFTMAX.contains(name.replaceFirst("/.*", ""));
            })
        .toList();
  }

  /**
   * A rule may also speak of keys that a token hears of in a summary, where some softmax is over
   * summaries; a pair that a softmax over the tokens weighs must always have one.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("casesOfPairs")
  void a_pair_has_a_rule_where_a_softmax_weighs_it_and_nowhere_else(String name, Case source) {
    Observation seen = Observation.of(source.mechanism(), source.tensors());
    int keys = seen.softmaxes().stream().mapToInt(AttentionRows::keys).max().orElse(0);
    int queries = seen.softmaxes().stream().mapToInt(AttentionRows::queries).max().orElse(0);
    List<AttentionRows> ofTokens =
        seen.softmaxes().stream()
            .filter(rows -> rows.keys() == keys && rows.queries() == queries)
            .toList();
    boolean all = ofTokens.size() == seen.softmaxes().size();
    Mechanism.Rules rules = source.mechanism().rules(seen.inputs());
    assertFalse(ofTokens.isEmpty(), name);
    AttentionRows first = ofTokens.getFirst();
    for (int row = 0; row < first.batches() * first.heads() * queries; row++) {
      int b = row / queries / first.heads();
      int h = row / queries % first.heads();
      int i = row % queries;
      BitSet weighed = new BitSet();
      ofTokens.forEach(rows -> Arrays.stream(rows.row(b, h, i).keys()).forEach(weighed::set));
      for (int j = 0; j < keys; j++) {
        String rule = rules.of(b, h, i, j);
        boolean named = !rule.equals(Mechanism.NOT_ATTENDED);
        String pair = "%s: query %d of head %d, key %d: %s".formatted(name, i, h, j, rule);
        assertTrue(named || !weighed.get(j), pair);
        assertTrue(!all || !named || weighed.get(j), pair);
      }
    }
  }
}
