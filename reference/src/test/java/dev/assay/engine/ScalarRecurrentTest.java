package dev.assay.engine;

import static dev.assay.engine.Agreement.REARRANGED;
import static dev.assay.engine.Agreement.assertClose;
import static dev.assay.engine.Agreement.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Ragged;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The recurrences against their matrix form, {@code S = (I - beta k k^T) diag(a) S + beta k v^T}.
 */
class ScalarRecurrentTest {
  private static final Draws DRAWS = new Draws(14);
  private static final int HEADS = 4;
  private static final int KEY_HEADS = 2;
  private static final int TOKENS = 6;

  private final Engine scalar = new ScalarEngine();

  static AttentionProblem problem(int tokens) {
    return AttentionProblem.of(
            DRAWS.bell(1, 1, HEADS, tokens, 3),
            DRAWS.bell(2, 1, KEY_HEADS, tokens, 3),
            DRAWS.bell(3, 1, KEY_HEADS, tokens, 2))
        .build();
  }

  static RecurrentPlan plan(Rule rule, int tokens) {
    Tensor decay = DRAWS.positive(4, 1, KEY_HEADS, tokens, 3);
    Tensor beta = DRAWS.positive(5, 1, KEY_HEADS, tokens);
    return new RecurrentPlan(rule, rule.decays() ? decay : null, rule.steps() ? beta : null);
  }

  private static DMatrixRMaj column(Tensor tensor, int h, int t) {
    DMatrixRMaj column = new DMatrixRMaj(tensor.shape().extent(3), 1);
    for (int c = 0; c < column.numRows; c++) {
      column.set(c, tensor.at(0, h, t, c));
    }
    return column;
  }

  /** {@code (I - beta k k^T) diag(a)}, with beta k k^T for the delta rules alone. */
  private static DMatrixRMaj keep(RecurrentPlan plan, DMatrixRMaj k, int g, int t) {
    DMatrixRMaj keep = CommonOps_DDRM.identity(3);
    if (plan.beta() != null) {
      CommonOps_DDRM.multAddTransB(-plan.beta().at(0, g, t), k, k, keep);
    }
    if (plan.decay() != null) {
      CommonOps_DDRM.multCols(keep, column(plan.decay(), g, t).data);
    }
    return keep;
  }

  private static Tensor byMatrices(AttentionProblem problem, RecurrentPlan plan) {
    double[] out = new double[problem.outShape().size()];
    DMatrixRMaj read = new DMatrixRMaj(2, 1);
    for (int h = 0; h < HEADS; h++) {
      int g = h / (HEADS / KEY_HEADS);
      DMatrixRMaj state = new DMatrixRMaj(3, 2);
      for (int t = 0; t < TOKENS; t++) {
        DMatrixRMaj k = column(problem.k(), g, t);
        DMatrixRMaj kept = new DMatrixRMaj(3, 2);
        CommonOps_DDRM.mult(keep(plan, k, g, t), state, kept);
        double beta = plan.beta() == null ? 1 : plan.beta().at(0, g, t);
        CommonOps_DDRM.multAddTransB(beta, k, column(problem.v(), g, t), kept);
        state = kept;
        CommonOps_DDRM.multTransA(problem.scale(), state, column(problem.q(), h, t), read);
        System.arraycopy(read.data, 0, out, problem.queryRow(0, h, t) * 2, 2);
      }
    }
    return Tensor.adopt(problem.outShape(), out);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void follows_the_matrix_form(Rule rule) {
    AttentionProblem problem = problem(TOKENS);
    RecurrentPlan plan = plan(rule, TOKENS);
    assertClose(REARRANGED, byMatrices(problem, plan), scalar.forward(problem, plan).out());
  }

  @Test
  void the_linear_rule_is_causal_attention_without_a_softmax() {
    AttentionProblem problem = problem(TOKENS);
    Tensor expected =
        Tensor.generate(
            problem.outShape(),
            p -> {
              int[] at = problem.outShape().index(p);
              double sum = 0;
              for (int j = 0; j <= at[2]; j++) {
                for (int c = 0; c < 3; c++) {
                  sum +=
                      problem.q().at(0, at[1], at[2], c)
                          * problem.k().at(0, at[1] / 2, j, c)
                          * problem.v().at(0, at[1] / 2, j, at[3]);
                }
              }
              return problem.scale() * sum;
            });
    assertClose(REARRANGED, expected, scalar.forward(problem, plan(Rule.LINEAR, TOKENS)).out());
  }

  @Test
  void a_decay_of_one_changes_nothing() {
    AttentionProblem problem = problem(TOKENS);
    RecurrentPlan gated =
        new RecurrentPlan(Rule.GATED, Tensor.full(Shape.of(1, KEY_HEADS, TOKENS, 3), 1), null);
    assertSameBits(
        scalar.forward(problem, plan(Rule.LINEAR, TOKENS)).out(),
        scalar.forward(problem, gated).out());
  }

  @Test
  void the_state_starts_anew_at_every_packed_sequence() {
    AttentionProblem packed =
        problem(TOKENS)
            .with(problem(TOKENS).q(), problem(TOKENS).k(), problem(TOKENS).v(), null)
            .ragged(new Ragged(new int[] {0, 4, 4, 6}, new int[] {0, 4, 4, 6}))
            .build();
    Tensor out = scalar.forward(packed, plan(Rule.LINEAR, TOKENS)).out();
    double first = 0;
    for (int c = 0; c < 3; c++) {
      first += packed.scale() * packed.q().at(0, 0, 4, c) * packed.k().at(0, 0, 4, c);
    }
    assertEquals(
        first * packed.v().at(0, 0, 4, 0), out.at(0, 0, 4, 0), 1e-15, "only its own key is seen");
  }

  @Test
  void rows_behind_the_length_are_zero() {
    AttentionProblem all = problem(TOKENS);
    AttentionProblem some =
        all.with(all.q(), all.k(), all.v(), null).queryLengths(4).keyLengths(4).build();
    double[] out = scalar.forward(some, plan(Rule.DELTA, TOKENS)).out().toDoubles();
    assertEquals(0, Arrays.stream(out, 8, 12).map(Math::abs).sum());
  }
}
