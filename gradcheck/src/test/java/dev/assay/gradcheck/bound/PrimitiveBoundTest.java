package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.op.Add;
import dev.assay.op.OpCatalog;
import dev.assay.op.Reshape;
import dev.assay.op.Sample;
import dev.assay.op.Step;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every primitive, fed with inputs that are off and stored in bfloat16, stays within its bound. */
class PrimitiveBoundTest {
  private static final PrecisionClass CLASS = PrecisionClass.BF16_FLASH;
  private static final Rounding U = Rounding.of(CLASS, Declared.NOTHING);
  private static final int DRAWS = 8;

  /** Inputs off by a fraction of themselves to a drawn side, then stored; the error is known. */
  private record Off(List<Known> known, List<Tensor> moved) {
    static Off of(Sample sample, double fraction, int draw) {
      List<Known> known = new ArrayList<>();
      List<Tensor> moved = new ArrayList<>();
      for (int x = 0; x < sample.inputs().size(); x++) {
        Tensor right = sample.inputs().get(x);
        Philox signs = new Philox(7, x, draw);
        double[] errors = new double[right.size()];
        double[] values = new double[right.size()];
        for (int p = 0; p < errors.length; p++) {
          double sign = (signs.uniform16(p) & 1) == 0 ? 1 : -1;
          values[p] = CLASS.storage().round(right.get(p) * (1 + sign * fraction));
          boolean finite = Double.isFinite(right.get(p));
          errors[p] = finite ? Math.abs(values[p] - right.get(p)) : 0;
        }
        known.add(new Known(right, errors));
        moved.add(Tensor.adopt(right.shape(), values));
      }
      return new Off(known, moved);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0x1p-20, 0x1p-9})
  void what_comes_out_is_within_the_bound(double fraction) {
    List<String> outside = new ArrayList<>();
    for (Sample sample : OpCatalog.samples()) {
      for (int draw = 0; draw < DRAWS; draw++) {
        Off off = Off.of(sample, fraction, draw);
        Tensor right = sample.op().forward(sample.inputs());
        Tensor value = sample.op().forward(off.moved);
        double[] bound = PrimitiveBound.of(sample.op(), off.known, right, U);
        for (int p = 0; p < right.size(); p++) {
          double stored = CLASS.storage().round(value.get(p));
          double limit = Bounds.KAPPA * Known.at(bound, p);
          boolean same = stored == right.get(p) || Double.isNaN(right.get(p));
          if (!same && !(Math.abs(stored - right.get(p)) <= limit)) {
            outside.add(sample.op() + " " + sample.remark() + " at " + p);
          }
        }
      }
    }
    assertEquals(List.of(), outside.stream().distinct().limit(10).toList());
  }

  @Test
  void moving_exact_elements_is_exact() {
    Known exact = new Known(Tensor.zeros(Shape.of(2, 3)), null);
    Tensor moved = Tensor.zeros(Shape.of(6));
    assertNull(PrimitiveBound.of(new Reshape(Shape.of(6)), List.of(exact), moved, U));
  }

  @Test
  void a_zero_made_of_exact_zeros_has_no_error() {
    Known zero = new Known(Tensor.zeros(Shape.of(1)), null);
    double[] error =
        PrimitiveBound.of(new Add(), List.of(zero, zero), Tensor.zeros(Shape.of(1)), U);
    assertEquals(0, Objects.requireNonNull(error)[0]);
  }

  @Test
  void a_threshold_within_reach_of_the_error_may_fall_either_way() {
    Tensor one = Tensor.adopt(Shape.of(1), new double[] {1});
    double[] near =
        PrimitiveBound.of(
            new Step(1.01),
            List.of(new Known(one, new double[] {0.02})),
            Tensor.zeros(one.shape()),
            U);
    assertTrue(Objects.requireNonNull(near)[0] >= 1);
    double[] far =
        PrimitiveBound.of(
            new Step(1.1),
            List.of(new Known(one, new double[] {0.02})),
            Tensor.zeros(one.shape()),
            U);
    assertEquals(0, Objects.requireNonNull(far)[0]);
  }
}
