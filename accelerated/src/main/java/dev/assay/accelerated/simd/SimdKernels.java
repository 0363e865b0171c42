package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.LANES;
import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;

import dev.assay.op.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** fp64 linear algebra on the Vector API and all cores, for training. */
public final class SimdKernels implements Kernels {
  /** Numbers in a task of the elementwise functions. */
  private static final int CHUNK = 8192;

  /** Below this many multiply-adds a product is done before threads have woken up. */
  private static final long SMALL = 20_000;

  private final Workers workers = new Workers(Configuration.threads());
  private final DoubleGemm gemm = new DoubleGemm(workers);
  private final DoubleGemm alone = new DoubleGemm(new Workers(1));

  /** The kernels, with as many threads as configured. */
  public SimdKernels() {}

  @Override
  public String id() {
    return "simd";
  }

  @Override
  public void matMul(Matrix a, Matrix b, double[] y, int at, int n, int d, int m) {
    DoubleGemm fit = (long) n * d * m < SMALL ? alone : gemm;
    fit.multiply(a, b, y, at, n, d, m);
  }

  @Override
  public void softmax(double[] s, double[] y, int width) {
    if (width == 0) {
      return;
    }
    int rowsOfTask = Math.max(1, CHUNK / width);
    int rows = s.length / width;
    workers.run(
        Math.ceilDiv(rows, rowsOfTask),
        () -> {
          double[] row = new double[(width + LANES - 1) / LANES * LANES];
          return task -> {
            for (int r = task * rowsOfTask; r < Math.min(rows, (task + 1) * rowsOfTask); r++) {
              softmaxRow(s, y, r * width, width, row);
            }
          };
        });
  }

  private static void softmaxRow(double[] s, double[] y, int from, int width, double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = from; j < from + width; j++) {
      max = Math.max(max, s[j]);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      Arrays.fill(y, from, from + width, 0);
      return;
    }
    System.arraycopy(s, from, row, 0, width);
    Arrays.fill(row, width, row.length, Double.NEGATIVE_INFINITY);
    for (int j = 0; j < row.length; j += LANES) {
      DoubleExp.of(DoubleVector.fromArray(SPECIES, row, j).sub(max)).intoArray(row, j);
    }
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += row[j];
    }
    for (int j = 0; j < width; j++) {
      y[from + j] = row[j] / sum;
    }
  }

  @Override
  public void map(Function f, double[] x, double[] y) {
    workers.run(
        Math.ceilDiv(x.length, CHUNK),
        () -> task -> map(f, x, y, task * CHUNK, Math.min(x.length, (task + 1) * CHUNK)));
  }

  private static void map(Function f, double[] x, double[] y, int from, int to) {
    int p = from;
    for (; p + LANES <= to; p += LANES) {
      of(f, DoubleVector.fromArray(SPECIES, x, p)).intoArray(y, p);
    }
    if (p < to) {
      double[] rest = Arrays.copyOf(Arrays.copyOfRange(x, p, to), LANES);
      of(f, DoubleVector.fromArray(SPECIES, rest, 0)).intoArray(rest, 0);
      System.arraycopy(rest, 0, y, p, to - p);
    }
  }

  private static DoubleVector of(Function f, DoubleVector x) {
    return switch (f) {
      case EXP -> DoubleExp.of(x);
      case SIGMOID -> sigmoid(x);
      case TANH -> tanh(x);
    };
  }

  /** With {@code e = exp(-|x|)}: {@code 1 / (1 + e)}, or {@code e / (1 + e)} where x is below 0. */
  private static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector e = DoubleExp.of(x.abs().neg());
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    return one.blend(e, x.compare(VectorOperators.LT, 0)).div(e.add(1));
  }

  /**
   * With {@code e = exp(-2 |x|)}: {@code (1 - e) / (1 + e)}, which has an absolute error of an ulp
   * of 1 and so is not accurate relative to itself near 0; there it is {@code x - x^3/3 + 2
   * x^5/15}.
   */
  private static DoubleVector tanh(DoubleVector x) {
    DoubleVector e = DoubleExp.of(x.abs().mul(-2));
    DoubleVector large = e.neg().add(1).div(e.add(1));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
    DoubleVector z = x.mul(x);
    DoubleVector small = z.mul(2.0 / 15).sub(1.0 / 3).mul(z).mul(x).add(x);
    return large.blend(small, x.abs().compare(VectorOperators.LT, NEAR_ZERO));
  }

  /** Below, the next term of the series, 17 x^7 / 315, is less than 1e-14 of x. */
  private static final double NEAR_ZERO = 0.006;
}
