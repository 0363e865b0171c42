package dev.assay.engine;

import static dev.assay.engine.Agreement.assertSameBits;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Tensor;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in unused places never changes a bit of the results. */
class ScalarPoisonTest {
  private static final Draws DRAWS = new Draws(17);
  private static final Tensor Q = DRAWS.bell(1, 1, 2, 4, 2);
  private static final Tensor K = DRAWS.bell(2, 1, 2, 6, 2);
  private static final Tensor V = DRAWS.bell(3, 1, 2, 6, 2);

  private final Engine scalar = new ScalarEngine();

  /** The tensor with poison in the rows (of its third axis) that the predicate picks. */
  private static Tensor poison(Tensor tensor, double with, IntPredicate rows) {
    return Tensor.generate(
        tensor.shape(), p -> rows.test(tensor.shape().index(p)[2]) ? with : tensor.get(p));
  }

  private void assertSameResults(AttentionProblem clean, AttentionProblem poisoned, Tensor dOut) {
    Plan plan = new DensePlan();
    Forward first = scalar.forward(clean, plan);
    Forward second = scalar.forward(poisoned, plan);
    assertSameBits(first.out(), second.out());
    assertSameBits(first.lse(), second.lse());
    Gradients expected = scalar.backward(clean, plan, first, dOut, null);
    Gradients actual = scalar.backward(poisoned, plan, second, dOut, null);
    expected.byName().forEach((name, gradient) -> assertSameBits(gradient, actual.get(name)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 1e300, Double.POSITIVE_INFINITY})
  void keys_and_values_behind_the_length(double with) {
    ProblemBuilder clean = AttentionProblem.of(Q, K, V).keyLengths(4);
    ProblemBuilder poisoned =
        AttentionProblem.of(Q, poison(K, with, j -> j >= 4), poison(V, with, j -> j >= 4))
            .keyLengths(4);
    assertSameResults(clean.build(), poisoned.build(), DRAWS.bell(4, 1, 2, 4, 2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 1e300, Double.NEGATIVE_INFINITY})
  void keys_and_values_that_the_mask_excludes(double with) {
    Tensor mask = Tensor.generate(dev.assay.tensor.Shape.of(1, 1, 1, 6), j -> j % 2);
    ProblemBuilder clean = AttentionProblem.of(Q, K, V).mask(mask);
    ProblemBuilder poisoned =
        AttentionProblem.of(Q, poison(K, with, j -> j % 2 == 0), poison(V, with, j -> j % 2 == 0))
            .mask(mask);
    assertSameResults(clean.build(), poisoned.build(), DRAWS.bell(4, 1, 2, 4, 2));
  }

  @Test
  void queries_and_cotangents_of_empty_rows() {
    Tensor dOut = poison(DRAWS.bell(4, 1, 2, 4, 2), Double.NaN, i -> i < 2);
    ProblemBuilder clean = AttentionProblem.of(Q, K, V).causal(true).offset(-2);
    ProblemBuilder poisoned =
        AttentionProblem.of(poison(Q, Double.NaN, i -> i < 2), K, V).causal(true).offset(-2);
    assertSameResults(clean.build(), poisoned.build(), dOut);
  }

  @Test
  void bias_where_the_mask_excludes() {
    Tensor mask = DRAWS.bits(5, 0.5, 1, 2, 4, 6);
    Tensor bias = DRAWS.bell(6, 1, 2, 4, 6);
    Tensor spoilt = Tensor.generate(bias.shape(), p -> mask.get(p) == 1 ? bias.get(p) : Double.NaN);
    assertSameResults(
        AttentionProblem.of(Q, K, V).mask(mask).bias(bias).build(),
        AttentionProblem.of(Q, K, V).mask(mask).bias(spoilt).build(),
        DRAWS.bell(4, 1, 2, 4, 2));
  }

  @Test
  void page_slots_and_table_entries_behind_the_length() {
    Tensor pool = DRAWS.bell(7, 4, 1, 2, 2);
    Tensor spoilt = Tensor.generate(pool.shape(), p -> p >= 14 ? Double.NaN : pool.get(p));
    ProblemBuilder clean =
        AttentionProblem.of(DRAWS.bell(8, 1, 1, 3, 2), pool, pool)
            .paging(new Paging(new int[][] {{1, 3, 0}}, 2))
            .keyLengths(3);
    ProblemBuilder poisoned =
        AttentionProblem.of(DRAWS.bell(8, 1, 1, 3, 2), spoilt, spoilt)
            .paging(new Paging(new int[][] {{1, 3, -99}}, 2))
            .keyLengths(3);
    assertSameResults(clean.build(), poisoned.build(), DRAWS.bell(9, 1, 1, 3, 2));
  }

  @Test
  void values_that_dropout_drops() {
    Tensor keep = Tensor.generate(dev.assay.tensor.Shape.of(1, 1, 1, 6), j -> j % 2);
    assertSameResults(
        AttentionProblem.of(Q, K, V).dropout(keep, 0.5).build(),
        AttentionProblem.of(Q, K, poison(V, Double.NaN, j -> j % 2 == 0))
            .dropout(keep, 0.5)
            .build(),
        DRAWS.bell(4, 1, 2, 4, 2));
  }
}
