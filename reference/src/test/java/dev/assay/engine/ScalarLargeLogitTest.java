package dev.assay.engine;

import static dev.assay.engine.Agreement.REARRANGED;
import static dev.assay.engine.Agreement.assertClose;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows whose logits are all so large that log n is lost in them: other frameworks mask with the
 * least finite number, and a row that they mask wholly is a plain mean of all values.
 */
class ScalarLargeLogitTest {
  private static final Draws DRAWS = new Draws(19);
  private static final Tensor Q = DRAWS.bell(1, 1, 2, 3, 4);
  private static final Tensor K = DRAWS.bell(2, 1, 2, 5, 4);
  private static final Tensor V = DRAWS.bell(3, 1, 2, 5, 3);
  private static final Tensor D_OUT = DRAWS.bell(4, 1, 2, 3, 3);
  private static final Tensor D_LSE = DRAWS.bell(5, 1, 2, 3);
  private static final DensePlan DENSE = new DensePlan();
  private static final int KEYS = 5;

  private final Engine scalar = new ScalarEngine();

  private static AttentionProblem biased(double bias) {
    return AttentionProblem.of(Q, K, V).bias(Tensor.full(Shape.of(1, 2, 3, KEYS), bias)).build();
  }

  /** Two parts of 2 and 3 keys, so that they weigh 2 to 3. */
  private static MergePlan split(double bias) {
    return new MergePlan(List.of(part(bias, true), part(bias, false)), null);
  }

  private static Branch part(double bias, boolean first) {
    Tensor mask = Tensor.generate(Shape.of(1, 1, 1, KEYS), j -> j < 2 == first ? 1 : 0);
    Tensor biases = Tensor.full(Shape.of(1, 2, 3, KEYS), bias);
    return new Branch(AttentionProblem.of(Q, K, V).bias(biases).mask(mask).build(), DENSE);
  }

  private static double mean(int h, int c) {
    double sum = 0;
    for (int j = 0; j < KEYS; j++) {
      sum += V.at(0, h, j, c);
    }
    return sum / KEYS;
  }

  private static Tensor means() {
    return Tensor.generate(Shape.of(1, 2, 3, 3), p -> mean(p / 9, p % 3));
  }

  /** What one query gives to dV of each key. */
  private static Tensor dv() {
    return Tensor.generate(
        V.shape(),
        p -> {
          int[] at = V.shape().index(p);
          double sum = 0;
          for (int i = 0; i < 3; i++) {
            sum += D_OUT.at(0, at[1], i, at[3]);
          }
          return sum / KEYS;
        });
  }

  private static Tensor dBias() {
    Shape shape = Shape.of(1, 2, 3, KEYS);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          double gain = D_LSE.at(0, at[1], at[2]);
          for (int c = 0; c < 3; c++) {
            double off = V.at(0, at[1], at[3], c) - mean(at[1], c);
            gain += D_OUT.at(0, at[1], at[2], c) * off;
          }
          return gain / KEYS;
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3.4028234663852886e38, -1e30, 1e30, -1.7976931348623157e308})
  void a_row_of_one_huge_bias_has_the_gradients_of_a_mean(double bias) {
    AttentionProblem problem = biased(bias);
    Forward forward = scalar.forward(problem, DENSE);
    Gradients gradients = scalar.backward(problem, DENSE, forward, D_OUT, D_LSE);
    assertClose(REARRANGED, means(), forward.out());
    assertClose(REARRANGED, dv(), gradients.get("dv"));
    assertClose(REARRANGED, dBias(), gradients.get("dbias"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3.4028234663852886e38, -1e30, 1e30, -1.7976931348623157e308})
  void a_join_of_parts_with_one_huge_bias_is_the_mean_of_all_their_values(double bias) {
    MergePlan plan = split(bias);
    AttentionProblem first = plan.branches().getFirst().problem();
    Forward forward = scalar.forward(first, plan);
    assertClose(REARRANGED, means(), forward.out());
    Gradients parts = scalar.backward(first, plan, forward, D_OUT, D_LSE);
    assertClose(REARRANGED, dv(), sum(parts, "dv"));
    assertClose(REARRANGED, dBias(), sum(parts, "dbias"));
  }

  @Test
  void a_huge_bias_on_one_row_leaves_the_others_alone() {
    Tensor bias = Tensor.generate(Shape.of(1, 1, 3, KEYS), p -> p / KEYS == 1 ? -3.4e38 : 0);
    AttentionProblem masked = AttentionProblem.of(Q, K, V).bias(bias).build();
    AttentionProblem plain = AttentionProblem.of(Q, K, V).build();
    Tensor dOut = Tensor.generate(D_OUT.shape(), p -> p / 3 % 3 == 1 ? 0 : D_OUT.get(p));
    Gradients some = scalar.backward(masked, DENSE, scalar.forward(masked, DENSE), dOut, null);
    Gradients all = scalar.backward(plain, DENSE, scalar.forward(plain, DENSE), dOut, null);
    for (String name : List.of("dq", "dk", "dv")) {
      assertClose(REARRANGED, all.get(name), some.get(name));
    }
  }

  private static Tensor sum(Gradients parts, String name) {
    Tensor first = parts.get(name + "@0");
    Tensor second = parts.get(name + "@1");
    return Tensor.generate(first.shape(), p -> first.get(p) + second.get(p));
  }
}
