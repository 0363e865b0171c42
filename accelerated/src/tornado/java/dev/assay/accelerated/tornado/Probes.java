package dev.assay.accelerated.tornado;

import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What the arithmetic of a device is like, measured on it.
 *
 * @param expError largest relative error of exp on -87..0 seen, in units of 2^-24; the precision
 *     class f32-flash allows 4
 * @param fused whether {@code x y + z} is rounded once
 * @param flushed whether results below the smallest normal number become 0
 */
record Probes(double expError, boolean fused, boolean flushed) {
  private static final int COUNT = 1 << 16;
  private static final float LOWEST = -87;

  /** First places of the numbers that ask a question of their own. */
  private static final int FUSED = 0;

  private static final int FLUSHED = 1;
  private static final int EXP = 2;

  /** Runs the probes; a second or two. */
  static Probes on(TornadoDevice device) throws TornadoExecutionPlanException {
    FloatArray x = new FloatArray(COUNT);
    FloatArray y = new FloatArray(COUNT);
    FloatArray z = new FloatArray(COUNT);
    FloatArray powers = new FloatArray(COUNT);
    FloatArray products = new FloatArray(COUNT);
    for (int at = EXP; at < COUNT; at++) {
      x.set(at, LOWEST * (at - EXP) / (COUNT - EXP - 1));
    }
    // (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24, and 0 if the product is rounded first.
    x.set(FUSED, 1 + 0x1p-12f);
    y.set(FUSED, 1 + 0x1p-12f);
    z.set(FUSED, -(1 + 0x1p-11f));
    x.set(FLUSHED, Float.MIN_NORMAL);
    y.set(FLUSHED, 0.5f);
    WorkerGrid grid = new WorkerGrid1D(COUNT);
    grid.setLocalWork(64, 1, 1);
    TaskGraph graph =
        new TaskGraph("probe")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y, z)
            .task("run", ProbeKernel::run, new KernelContext(), x, y, z, powers, products)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, powers, products);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device)
          .withCompilerFlags(TornadoVMBackendType.OPENCL, Program.STRICT)
          .withGridScheduler(new GridScheduler("probe.run", grid))
          .execute();
    }
    return new Probes(expError(x, powers), products.get(FUSED) != 0, products.get(FLUSHED) == 0);
  }

  private static double expError(FloatArray x, FloatArray powers) {
    double worst = 0;
    for (int at = EXP; at < COUNT; at++) {
      double right = StrictMath.exp(x.get(at));
      double error = Math.abs(powers.get(at) - right) / right;
      // Not max: a NaN must show.
      worst = error <= worst ? worst : error;
    }
    return worst * 0x1p24;
  }

  /** In words, a line each. */
  List<String> lines() {
    return List.of(
        String.format(
            Locale.ROOT,
            "exp errs by at most %.2f units of 2^-24 on %d numbers (f32-flash allows 4)",
            expError,
            COUNT - EXP),
        "a product and a sum are rounded " + (fused ? "once (fused)" : "one after the other"),
        "results below the smallest normal number are " + (flushed ? "flushed to 0" : "kept"),
        "fp16 and bf16 storage: no, the kernels hold and compute fp32 alone");
  }
}
