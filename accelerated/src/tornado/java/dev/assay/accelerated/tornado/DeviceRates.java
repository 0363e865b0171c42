package dev.assay.accelerated.tornado;

import dev.assay.engine.DeviceEngine.Rates;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Measures what {@link RateKernels} reach, by the device's clock: medians of a few runs. */
final class DeviceRates {
  private static final int GROUP = 256;
  private static final int ITEMS = 1 << 20;
  private static final int ROUNDS = 4096;
  private static final int FLOATS = 1 << 27;
  private static final int RUNS = 7;

  private DeviceRates() {}

  static Rates of(TornadoDevice device, boolean small) throws TornadoExecutionPlanException {
    int items = small ? 1 << 12 : ITEMS;
    int floats = small ? 1 << 20 : FLOATS;
    IntArray rounds = IntArray.fromElements(ROUNDS);
    FloatArray in = FloatArray.fromElements(0.999f, 0.001f);
    FloatArray out = new FloatArray(items);
    TaskGraph adds =
        new TaskGraph("adds")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, rounds, in)
            .task("run", RateKernels::multiplyAdd, new KernelContext(), rounds, in, out)
            .transferToHost(DataTransferMode.UNDER_DEMAND, out);
    double operations = 2.0 * RateKernels.CHAINS * ROUNDS * items;
    FloatArray from = new FloatArray(floats);
    FloatArray to = new FloatArray(floats);
    TaskGraph copies =
        new TaskGraph("copies")
            .transferToDevice(DataTransferMode.FIRST_EXECUTION, from)
            .task("run", RateKernels::copy, new KernelContext(), from, to)
            .transferToHost(DataTransferMode.UNDER_DEMAND, to);
    return new Rates(
        operations / nanos(adds, "adds", items, device),
        2.0 * Float.BYTES * floats / nanos(copies, "copies", floats, device));
  }

  private static double nanos(TaskGraph graph, String name, int items, TornadoDevice device)
      throws TornadoExecutionPlanException {
    WorkerGrid grid = new WorkerGrid1D(items);
    grid.setLocalWork(GROUP, 1, 1);
    long[] nanos = new long[RUNS];
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device)
          .withCompilerFlags(TornadoVMBackendType.OPENCL, Program.STRICT)
          .withGridScheduler(new GridScheduler(name + ".run", grid))
          .withProfiler(ProfilerMode.SILENT);
      for (int run = 0; run < RUNS; run++) {
        nanos[run] = plan.execute().getProfilerResult().getDeviceKernelTime();
      }
    }
    Arrays.sort(nanos);
    return nanos[RUNS / 2];
  }
}
