package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.HalfTiles;
import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.Packed;
import dev.assay.accelerated.device.Regions.Region;
import dev.assay.plan.AttentionProblem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The kernel on matrix units with its buffers, to be run on one problem after the other. */
final class TensorProgram {
  /** Where tiles begin: behind the header of 16 bytes, at a line of a device's cache. */
  private static final int FIRST = 56;

  private final IntArray ints;
  private final HalfFloatArray halves;
  private final FloatArray in = new FloatArray(1);
  private final FloatArray out;
  private final WorkerGrid grid = new WorkerGrid2D(TensorForwardKernel.ITEMS, 1);
  private final TornadoExecutionPlan plan;

  /** A program for as many ints, halves and floats, not yet compiled. */
  TensorProgram(int capacity, TornadoDevice device) {
    this.ints = new IntArray(capacity);
    this.halves = new HalfFloatArray(capacity);
    this.out = new FloatArray(capacity);
    TaskGraph graph =
        new TaskGraph("tensor")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, ints, halves, in)
            .task("attend", TensorForwardKernel::run, new KernelContext(), ints, halves, in, out)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, out);
    grid.setLocalWork(TensorForwardKernel.ITEMS, 1, 1);
    this.plan =
        new TornadoExecutionPlan(graph.snapshot())
            .withDevice(device)
            .withGridScheduler(new GridScheduler("tensor.attend", grid))
            .withProfiler(ProfilerMode.SILENT);
  }

  /** How many ints, halves and floats a problem needs at most. */
  static int need(Packed packed) {
    AttentionProblem problem = packed.problem();
    long tiles = (long) problem.heads() * packed.queryTiles();
    tiles += 2L * problem.kvHeads() * packed.keyTiles();
    long halves = FIRST + problem.batches() * tiles * HalfTiles.TILE;
    long most = Math.max(packed.ints().length, Math.max(halves, packed.regions().length()));
    return (int) Math.min(most, Integer.MAX_VALUE);
  }

  /**
   * Runs the kernel on a problem that fits.
   *
   * @return nanoseconds that the device was busy with it
   */
  long run(Packed packed) {
    AttentionProblem problem = packed.problem();
    int[] header = packed.ints().clone();
    int at = FIRST;
    at = put(header, Header.Q_AT, HalfTiles.queries(packed), at);
    at = put(header, Header.K_AT, HalfTiles.keys(packed), at);
    put(header, Header.V_AT, HalfTiles.values(packed), at);
    MemorySegment.copy(header, 0, ints.getSegment(), ValueLayout.JAVA_INT, 0, header.length);
    in.set(0, (float) problem.scale());
    int planes = problem.batches() * problem.heads();
    Program.requirePlanes(planes);
    long groups = Math.ceilDiv(packed.queryTiles(), TensorForwardKernel.TILES);
    grid.setGlobalWork(groups * TensorForwardKernel.ITEMS, planes, 1);
    return Program.nanos(plan);
  }

  private int put(int[] header, int what, short[] tiles, int at) {
    header[what] = at;
    long offset = (long) Short.BYTES * at;
    MemorySegment.copy(tiles, 0, halves.getSegment(), ValueLayout.JAVA_SHORT, offset, tiles.length);
    return at + tiles.length;
  }

  /** A result of the last run. */
  float[] result(Region region) {
    return Program.floats(out, region);
  }
}
