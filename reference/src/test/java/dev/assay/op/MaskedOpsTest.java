package dev.assay.op;

import static dev.assay.op.Recorded.assertNear;
import static dev.assay.op.Recorded.assertValues;
import static dev.assay.op.Recorded.keep;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The four ops that read only what is kept. */
class MaskedOpsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double LN2 = StrictMath.log(2);
  private static final double LN3 = StrictMath.log(3);

  private final Recorded on = new Recorded();

  @Test
  void sddmm_computes_kept_pairs_and_never_reads_the_others() {
    Tensor keep = keep(2, 2, 1, 0, 0, 0);
    Var a = on.matrix(2, 2, 1, 2, NAN, NAN);
    Var b = on.matrix(2, 2, 3, NAN, 4, NAN);
    Var y = Ops.sddmm(a, b, keep);
    assertValues(y, 11, 0, 0, 0);
    assertValues(on.gradient(y, a, 10, NAN, NAN, NAN), 30, 40, 0, 0);
    assertValues(on.gradient(y, b, 10, NAN, NAN, NAN), 10, 0, 20, 0);
  }

  @Test
  void spmm_sums_kept_entries_and_never_reads_the_others() {
    Tensor keep = keep(2, 3, 1, 1, 0, 0, 0, 0);
    Var p = on.matrix(2, 3, 0.5, 0.25, NAN, NAN, NAN, NAN);
    Var v = on.matrix(3, 1, 2, 4, NAN);
    Var y = Ops.spmm(p, v, keep);
    assertValues(y, 2, 0);
    assertValues(on.gradient(y, p, 1, NAN), 2, 4, 0, 0, 0, 0);
    assertValues(on.gradient(y, v, 1, NAN), 0.5, 0.25, 0);
  }

  @Test
  void softmax_of_a_ragged_row() {
    Var s = on.matrix(2, 3, LN2, LN3, NAN, NAN, NAN, NAN);
    Tensor keep = keep(2, 3, 1, 1, 0, 0, 0, 0);
    assertNear(Ops.maskedSoftmax(s, keep), 0.4, 0.6, 0, 0, 0, 0);
  }

  @Test
  void softmax_gradient_ignores_what_lies_outside_and_is_zero_in_empty_rows() {
    Var s = on.matrix(2, 3, 1, 1, NAN, NAN, NAN, NAN);
    Var y = Ops.maskedSoftmax(s, keep(2, 3, 1, 1, 0, 0, 0, 0));
    assertValues(on.gradient(y, s, 3, 1, NAN, NAN, INF, NAN), 0.5, -0.5, 0, 0, 0, 0);
  }

  @Test
  void second_derivatives_of_softmax_ignore_what_lies_outside() {
    Var s = on.matrix(1, 3, 0, 0, NAN);
    Var y = Ops.maskedSoftmax(s, keep(1, 3, 1, 1, 0));
    Var first = on.gradient(y, s, 1, 0, NAN);
    // d/ds of p0 p1 is p0 p1 (p1 - p0) = 0 at equal logits
    assertValues(on.gradient(first, s, 1, 0, NAN), 0, 0, 0);
  }

  @Test
  void an_admissible_logit_of_minus_infinity_counts_as_masked() {
    Var s = on.matrix(2, 2, 0, -INF, -INF, -INF);
    Tensor keep = keep(2, 2, 1, 1, 1, 1);
    Var y = Ops.maskedSoftmax(s, keep);
    assertValues(y, 1, 0, 0, 0);
    assertValues(on.gradient(y, s, 1, NAN, NAN, NAN), 0, 0, 0, 0);
    assertValues(Ops.logSumExp(s, keep), 0, -INF);
    Var v = on.matrix(2, 1, 5, NAN);
    assertValues(Ops.spmm(y, v, Ops.admissible(s, keep)), 5, 0);
  }

  @Test
  void not_a_number_and_plus_infinity_spread_over_their_row_only() {
    Tensor keep = keep(3, 2, 1, 1, 1, 1, 1, 1);
    Var s = on.matrix(3, 2, NAN, 0, INF, 0, 0, 0);
    assertValues(Ops.maskedSoftmax(s, keep), NAN, NAN, NAN, NAN, 0.5, 0.5);
    assertNear(Ops.logSumExp(s, keep), NAN, NAN, LN2);
  }

  @Test
  void huge_logits_do_not_overflow() {
    Var s = on.matrix(1, 2, 1e30, 1e30);
    Tensor keep = keep(1, 2, 1, 1);
    assertValues(Ops.maskedSoftmax(s, keep), 0.5, 0.5);
    assertValues(Ops.logSumExp(s, keep), 1e30);
  }

  @Test
  void log_sum_exp_of_ragged_and_empty_rows() {
    Var s = on.matrix(2, 3, LN2, LN3, NAN, NAN, NAN, NAN);
    assertNear(Ops.logSumExp(s, keep(2, 3, 1, 1, 0, 0, 0, 0)), StrictMath.log(5), -INF);
  }

  @Test
  void log_sum_exp_gradient_is_the_softmax_and_exactly_zero_in_empty_rows() {
    Var s = on.matrix(2, 3, 1, 1, NAN, NAN, NAN, NAN);
    Var y = Ops.logSumExp(s, keep(2, 3, 1, 1, 0, 0, 0, 0));
    assertValues(on.gradient(y, s, 4, NAN), 2, 2, 0, 0, 0, 0);
  }

  @Test
  void tangents_ignore_what_lies_outside() {
    Tensor keep = keep(2, 2, 1, 1, 0, 0);
    Tensor s = Tensor.of(keep.shape(), 0, 0, NAN, NAN);
    Tensor ds = Tensor.of(keep.shape(), 2, 0, NAN, NAN);
    assertValues(tangent(new MaskedSoftmax(keep), s, ds), 0.5, -0.5, 0, 0);
    assertValues(tangent(new LogSumExp(keep), s, ds), 1, 0);
  }

  private Var tangent(Primitive op, Tensor s, Tensor ds) {
    Tensor y = op.forward(List.of(s));
    return on.tape.leaf("t", op.jvp(List.of(s), y, List.of(ds)));
  }

  @Test
  void matmul_reads_everything() {
    assertValues(Ops.matMul(on.matrix(1, 2, 0, 1), on.matrix(2, 1, NAN, 2)), NAN);
  }
}
