package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products of fp64 matrices, as training needs them. No engine has such a kernel yet. */
record Fp64MatMul() implements Experiment {
  @Override
  public String id() {
    return "fp64-matmul";
  }

  @Override
  public List<Goal> goals(int threads) {
    return List.of(
        Goal.share(Row.SHARE, "fp64 matmul, 512 to 2048, share of the fp64 peak", 0.72, 0.82));
  }

  @Override
  public boolean onEveryThreadCount() {
    return true;
  }

  @Override
  public @Nullable String obstacle() {
    return "no fp64 kernel";
  }

  @Override
  public Sample run(Lab lab) {
    throw new UnsupportedOperationException(obstacle());
  }
}
