package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.HalfTiles;
import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.Lines;
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
  /**
   * Room for numbers.
   *
   * @param ints header and lists
   * @param halves tiles of queries, keys and values
   * @param floats results
   */
  record Room(int ints, int halves, int floats) {
    /** What a problem needs at most. */
    static Room of(Packed packed) {
      AttentionProblem problem = packed.problem();
      long tiles = (long) problem.heads() * packed.queryTiles();
      tiles += 2L * problem.kvHeads() * packed.keyTiles();
      long halves = FIRST + problem.batches() * tiles * HalfTiles.TILE;
      return new Room(
          Programs.capacity(packed.ints().length),
          Programs.capacity((int) Math.min(halves, Integer.MAX_VALUE)),
          Programs.capacity(packed.regions().length()));
    }
  }

  /** Where tiles begin. */
  private static final int FIRST = Lines.from(0, Short.BYTES);

  private final IntArray ints;
  private final HalfFloatArray halves;
  private final FloatArray in = new FloatArray(1);
  private final FloatArray out;
  private final WorkerGrid grid = new WorkerGrid2D(TensorForwardKernel.ITEMS, 1);
  private final TornadoExecutionPlan plan;

  /** A program with that room, not yet compiled. */
  TensorProgram(Room room, TornadoDevice device) {
    this.ints = new IntArray(room.ints());
    this.halves = new HalfFloatArray(room.halves());
    this.out = new FloatArray(room.floats());
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
