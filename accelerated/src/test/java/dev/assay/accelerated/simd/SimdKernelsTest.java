package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.op.Kernels;
import dev.assay.op.Kernels.Function;
import dev.assay.op.Kernels.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("width")
class SimdKernelsTest {
  private static final Draw DRAW = new Draw(31);
  private static final Kernels SIMD = new SimdKernels();

  /** Exactly: an element is one chain of fused multiply-adds, whatever the blocking. */
  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "5,3,7",
    "6,256,32",
    "7,257,33",
    "48,300,64",
    "50,10,1",
    "1,600,40",
    "97,64,130",
    "400,20,5",
    "2,600,4100",
    "7,1300,2050",
    "0,3,4",
    "3,0,4",
    "3,4,0"
  })
  void a_product_is_right_in_all_transposes(int n, int d, int m) {
    for (boolean aTurned : new boolean[] {false, true}) {
      for (boolean bTurned : new boolean[] {false, true}) {
        check(SIMD, matrix(1, 3, n, d, aTurned), matrix(2, 5, d, m, bTurned), n, d, m);
      }
    }
  }

  /** Products leave their scratch memory to the next. */
  @Test
  void nothing_of_one_product_comes_into_the_next() {
    SimdKernels kernels = new SimdKernels();
    double[] poison = new double[60 * 300];
    Arrays.fill(poison, Double.NaN);
    Matrix a = new Matrix(poison, 0, 300, 1);
    Matrix b = new Matrix(poison, 0, 60, 1);
    kernels.matMul(a, b, new double[60 * 60], 0, 60, 300, 60);
    check(kernels, matrix(1, 0, 59, 299, false), matrix(2, 0, 299, 41, false), 59, 299, 41);
  }

  @Test
  void a_product_that_fails_does_no_harm_to_the_next() {
    SimdKernels kernels = new SimdKernels();
    Matrix tooShort = new Matrix(new double[10], 0, 64, 1);
    Matrix b = matrix(2, 0, 64, 64, false);
    assertThrows(
        RuntimeException.class, () -> kernels.matMul(tooShort, b, new double[4096], 0, 64, 64, 64));
    check(kernels, matrix(1, 0, 64, 64, false), b, 64, 64, 64);
  }

  @Test
  void several_callers_at_once_do_not_share_scratch_memory() {
    SimdKernels kernels = new SimdKernels();
    IntStream.range(0, 64)
        .parallel()
        .forEach(
            i -> {
              int n = 30 + i;
              check(
                  kernels, matrix(i, 0, n, 300, false), matrix(-i, 0, 300, 70, false), n, 300, 70);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "256, 8192, 256",
    "256, 8193, 256",
    "600, 8192, 256",
    "600, 4096, 512",
    "10000, 1, 10000",
    "1, 8388609, 1",
    "255, 8388608, 255"
  })
  void a_round_is_as_deep_as_fits(int d, int m, int depth) {
    assertEquals(depth, DoubleGemm.depthOfRound(d, m));
  }

  private static void check(Kernels kernels, Matrix a, Matrix b, int n, int d, int m) {
    double[] before = numbers(3, n * m + 4);
    double[] y = before.clone();
    kernels.matMul(a, b, y, 2, n, d, m);
    for (int p = 0; p < y.length; p++) {
      boolean inside = p >= 2 && p < n * m + 2;
      int element = p - 2;
      assertEquals(inside ? chain(a, b, element / m, element % m, d) : before[p], y[p]);
    }
  }

  /** Numbers whose rows do not lie one behind the other. */
  private static Matrix matrix(int stream, int offset, int rows, int columns, boolean turned) {
    int stride = 2 + (turned ? rows : columns);
    double[] values = numbers(stream, offset + stride * (turned ? columns : rows));
    return new Matrix(values, offset, turned ? 1 : stride, turned ? stride : 1);
  }

  private static double chain(Matrix a, Matrix b, int r, int c, int d) {
    double sum = 0;
    int left = a.offset() + r * a.rowStride();
    int right = b.offset() + c * b.columnStride();
    for (int k = 0; k < d; k++) {
      sum = Math.fma(a.values()[left], b.values()[right], sum);
      left += a.columnStride();
      right += b.rowStride();
    }
    return sum;
  }

  @Test
  void a_row_of_the_softmax_is_that_of_the_naive_kernels() {
    for (int width : new int[] {1, 2, 7, 8, 9, 100, 5000}) {
      double[] s = numbers(4, 3 * width);
      s[0] = Double.NEGATIVE_INFINITY;
      double[] right = new double[s.length];
      double[] y = new double[s.length];
      Kernels.current().softmax(s, right, width);
      SIMD.softmax(s, y, width);
      // Two exponentials of 2 ulps each, a sum and a division.
      assertArrayEquals(right, y, 8 * Math.ulp(1.0));
    }
  }

  @Test
  void a_row_of_nothing_gives_zeros_and_nan_makes_its_row_nan() {
    double[] y = new double[6];
    double none = Double.NEGATIVE_INFINITY;
    SIMD.softmax(new double[] {none, none, none, 1, Double.NaN, none}, y, 3);
    assertArrayEquals(new double[] {0, 0, 0}, new double[] {y[0], y[1], y[2]});
    assertTrue(Double.isNaN(y[3]) && Double.isNaN(y[4]));
  }

  @ParameterizedTest
  @EnumSource
  void a_function_is_accurate_relative_to_itself(Function f) {
    double[] x = new double[20_001];
    for (int p = 0; p < x.length; p++) {
      double t = (p - 10_000) / 10_000.0;
      x[p] = 30 * t * t * t;
    }
    double[] right = new double[x.length];
    double[] y = new double[x.length];
    Kernels.current().map(f, x, right);
    SIMD.map(f, x, y);
    for (int p = 0; p < x.length; p++) {
      // tanh near 0 is a difference of numbers near 1 divided by 2: see SimdKernels.
      double most = f == Function.TANH ? 1e-13 : 8 * Math.ulp(1.0);
      assertEquals(right[p], y[p], most * Math.abs(right[p]), f + " at " + x[p]);
    }
  }

  @Test
  void exponentials_reach_as_far_as_fp64_does() {
    double[] x = {709.5, 709.78, 709.79, -708.3, -740, -745.3};
    double[] right = new double[x.length];
    double[] y = new double[x.length];
    Kernels.current().map(Function.EXP, x, right);
    SIMD.map(Function.EXP, x, y);
    for (int p = 0; p < x.length; p++) {
      assertEquals(right[p], y[p], 8 * Math.ulp(right[p]), "at " + x[p]);
    }
  }

  @Test
  void infinities_and_nan_go_where_they_belong() {
    double[] x = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN, 1000, -1000};
    double[] y = new double[5];
    SIMD.map(Function.EXP, x, y);
    double infinity = Double.POSITIVE_INFINITY;
    assertArrayEquals(new double[] {0, infinity, Double.NaN, infinity, 0}, y);
    SIMD.map(Function.SIGMOID, x, y);
    assertArrayEquals(new double[] {0, 1, Double.NaN, 1, 0}, y);
    SIMD.map(Function.TANH, x, y);
    assertArrayEquals(new double[] {-1, 1, Double.NaN, 1, -1}, y);
  }

  @Test
  void they_are_what_training_finds() {
    assertEquals("simd", Kernels.fastest().id());
    assertEquals("naive", Kernels.current().id());
    assertEquals("simd", Kernels.with(SIMD, () -> Kernels.current().id()));
  }

  private static double[] numbers(int stream, int count) {
    return count == 0 ? new double[0] : DRAW.bell(stream, count).doubles().clone();
  }
}
