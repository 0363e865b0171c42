package dev.assay.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Attention written with ops against attention written with EJML, forward and backward. */
class DenseAttentionTest {
  private static final int SEED = 20251122;
  private static final int ROWS = 7;
  private static final int KEYS = 11;
  private static final int CHANNELS = 5;
  private static final int VALUES = 3;
  private static final Tolerance ROUNDING =
      new Tolerance(
          64 * 0x1p-53,
          64 * 0x1p-53,
          "two fp64 evaluations of sums of at most 11 terms of size one, in different orders");

  @Test
  void everything_is_seen() {
    judge((i, j) -> 1);
  }

  @Test
  void keys_after_the_diagonal_are_hidden() {
    judge((i, j) -> j <= i + KEYS - ROWS ? 1 : 0);
  }

  @Test
  void some_rows_see_nothing() {
    judge((i, j) -> i % 3 == 0 ? 0 : (i + j) % 2);
  }

  private static void judge(IntBinaryOperator pairs) {
    Tensor keep = Tensor.generate(Shape.of(ROWS, KEYS), p -> pairs.applyAsInt(p / KEYS, p % KEYS));
    double tau = 1 / Math.sqrt(CHANNELS);
    Tape tape = new Tape();
    Var q = tape.leaf("q", draw(1, ROWS, CHANNELS));
    Var k = tape.leaf("k", draw(2, KEYS, CHANNELS));
    Var v = tape.leaf("v", draw(3, KEYS, VALUES));
    Var s = Ops.scale(Ops.sddmm(q, Ops.transpose(k), keep), tau);
    Var out = Ops.spmm(Ops.maskedSoftmax(s, keep), v, keep);
    Var lse = Ops.logSumExp(s, keep);

    EjmlAttention judge = new EjmlAttention(q.value(), k.value(), v.value(), keep, tau);
    assertAgree("out", out.value(), judge.out);
    assertAgree("lse", lse.value().reshape(ROWS, 1), judge.lse);

    Tensor dOut = draw(4, ROWS, VALUES);
    Tensor dLse = draw(5, ROWS, 1);
    List<Var> gradients =
        Gradient.of(
            List.of(out, lse),
            List.of(tape.leaf("dOut", dOut), tape.leaf("dLse", dLse.reshape(ROWS))),
            List.of(q, k, v));
    DMatrixRMaj[] expected = judge.backward(dOut, dLse);
    assertAgree("dq", gradients.get(0).value(), expected[0]);
    assertAgree("dk", gradients.get(1).value(), expected[1]);
    assertAgree("dv", gradients.get(2).value(), expected[2]);
  }

  private static Tensor draw(int stream, int... extents) {
    Philox generator = new Philox(SEED, stream, 0);
    return Tensor.generate(Shape.of(extents), p -> Distribution.BELL.value(generator, p, -16));
  }

  private static void assertAgree(String name, Tensor value, DMatrixRMaj expected) {
    Tensor other = EjmlAttention.tensor(expected);
    assertEquals(other.shape(), value.shape());
    for (int p = 0; p < value.size(); p++) {
      assertTrue(
          ROUNDING.accepts(value.get(p), other.get(p)),
          "%s at %d, seed %d: %s by ops, %s by EJML"
              .formatted(name, p, SEED, value.get(p), other.get(p)));
    }
  }
}
