package dev.assay.bench.headline;

import dev.assay.accelerated.simd.SimdKernels;
import dev.assay.bench.headline.Lab.WrongResults;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Row;
import dev.assay.op.Kernels;
import dev.assay.op.Kernels.Matrix;
import dev.assay.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Products of square fp64 matrices, as training needs them. The peak is half of that of fp32: the
 * same multiply-adds on half as many lanes. The share is that of the size that does worst.
 *
 * @param sizes rows and columns
 */
record Fp64MatMul(List<Integer> sizes) implements Experiment {
  private static final int N = 70;
  private static final int D = 300;
  private static final int M = 45;
  private static final double LANES_OF_FP32 = 2;

  /** Copies the sizes. */
  Fp64MatMul {
    sizes = List.copyOf(sizes);
  }

  @Override
  public String id() {
    return "fp64-matmul";
  }

  @Override
  public List<Goal> goals(int threads) {
    String what = "fp64 matmul, %s, share of the fp64 peak".formatted(sizes);
    return List.of(Goal.share(Row.SHARE, what, 0.72, 0.82));
  }

  @Override
  public boolean onEveryThreadCount() {
    return true;
  }

  @Override
  public Sample run(Lab lab) {
    Kernels kernels = new SimdKernels();
    judge(kernels);
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    for (int n : sizes) {
      Matrix a = new Matrix(numbers(n * n, 1), 0, n, 1);
      Matrix b = new Matrix(numbers(n * n, 2), 0, n, 1);
      double[] y = new double[n * n];
      tasks.put(Integer.toString(n), () -> kernels.matMul(a, b, y, 0, n, n, n));
    }
    Rounds rounds = lab.time(tasks);
    Sample sample = new Sample().put(Row.PEAK, rounds.peak() / LANES_OF_FP32);
    double least = Double.POSITIVE_INFINITY;
    for (int n : sizes) {
      double share = LANES_OF_FP32 * rounds.share(Integer.toString(n), 2.0 * n * n * n);
      sample.put("share_" + n, share);
      least = Math.min(least, share);
    }
    return sample.put(Row.SHARE, least);
  }

  /** To the bit: an element is one chain of fused multiply-adds. */
  private static void judge(Kernels kernels) {
    double[] a = numbers(N * D, 1);
    double[] b = numbers(D * M, 2);
    double[] y = new double[N * M];
    kernels.matMul(new Matrix(a, 0, D, 1), new Matrix(b, 0, M, 1), y, 0, N, D, M);
    for (int at = 0; at < y.length; at++) {
      double sum = 0;
      for (int k = 0; k < D; k++) {
        sum = Math.fma(a[at / M * D + k], b[k * M + at % M], sum);
      }
      if (sum != y[at]) {
        throw new WrongResults(
            "wrong product of %s kernels at %d: %s, right is %s"
                .formatted(kernels.id(), at, y[at], sum));
      }
    }
  }

  private static double[] numbers(int count, int stream) {
    float[] drawn = Draw.bell(Shape.of(count), stream).floats();
    double[] numbers = new double[count];
    for (int p = 0; p < count; p++) {
      numbers[p] = drawn[p];
    }
    return numbers;
  }
}
