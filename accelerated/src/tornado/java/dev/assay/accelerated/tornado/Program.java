package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Packed;
import dev.assay.accelerated.device.Regions.Region;
import dev.assay.accelerated.device.Tiles;
import dev.assay.check.Require;
import dev.assay.engine.DeviceEngine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Compiled kernels with their buffers on a device, to be run on one problem after the other: sizes
 * come with the data, so a problem only has to fit into the buffers.
 */
final class Program {
  /** Which kernels are run. */
  enum Kind {
    /** Output and LSE. */
    FORWARD,
    /** The same of a problem that is {@linkplain Packed#lean lean}. */
    LEAN_FORWARD,
    /** Gradients of queries, keys and values. */
    BACKWARD,
    /** The same where lists are shared by several work-groups. */
    BACKWARD_IN_PARTS,
    /** Gradient of a bias with a number for each pair. */
    BIAS;

    private static final Set<String> GRADIENTS =
        Set.of("delta", "dq", "dk", "dv", "query_sums", "key_sums");

    /** Names of the results that the kernels write. */
    Set<String> results() {
      return switch (this) {
        case FORWARD, LEAN_FORWARD -> Set.of("out", "lse");
        case BACKWARD -> GRADIENTS;
        case BACKWARD_IN_PARTS -> union(GRADIENTS, Packed.IN_SLOTS);
        case BIAS -> Set.of("delta", "dbias");
      };
    }
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  /**
   * Which program.
   *
   * @param kind its kernels
   * @param capacity ints, floats in and floats out that it has room for
   * @param poisoned whether results and gaps are filled beforehand, for tests
   */
  record Key(Kind kind, int capacity, boolean poisoned) {}

  /**
   * No relaxed mathematics: compilers take it for leave to assume that there is neither NaN nor
   * infinity, and masks are infinities. -w keeps the driver's compiler quiet.
   */
  static final String STRICT = "-w";

  /** What CUDA allows of a grid's second extent; a launch beyond it fails without a word. */
  private static final int MOST_PLANES = 65_535;

  private static final int LINE = SIDE * SIDE;

  private final Key key;
  private final IntArray ints;
  private final FloatArray in;
  private final FloatArray out;
  private final WorkerGrid rows = new WorkerGrid1D(LINE);
  private final WorkerGrid all = new WorkerGrid1D(LINE);
  private final WorkerGrid queries = new WorkerGrid3D(SIDE, SIDE, 1);
  private final WorkerGrid keys = new WorkerGrid3D(SIDE, SIDE, 1);
  private final TornadoExecutionPlan plan;

  /**
   * A program, not yet compiled.
   *
   * @param flags of the driver's compiler
   */
  Program(Key key, TornadoDevice device, String flags) {
    this.key = key;
    this.ints = new IntArray(key.capacity());
    this.in = new FloatArray(key.capacity());
    this.out = new FloatArray(key.capacity());
    String name = key.kind().name().toLowerCase(Locale.ROOT);
    GridScheduler grids = new GridScheduler();
    TaskGraph graph = graph(name, grids);
    rows.setLocalWork(LINE, 1, 1);
    all.setLocalWork(LINE, 1, 1);
    queries.setLocalWork(SIDE, SIDE, 1);
    keys.setLocalWork(SIDE, SIDE, 1);
    this.plan =
        new TornadoExecutionPlan(graph.snapshot())
            .withDevice(device)
            .withCompilerFlags(TornadoVMBackendType.OPENCL, flags)
            .withGridScheduler(grids)
            .withProfiler(ProfilerMode.SILENT);
  }

  private TaskGraph graph(String name, GridScheduler grids) {
    KernelContext context = new KernelContext();
    TaskGraph graph =
        new TaskGraph(name).transferToDevice(DataTransferMode.EVERY_EXECUTION, ints, in);
    if (key.poisoned()) {
      graph.task("poison", PoisonKernel::run, context, ints, in, out);
      grids.addWorkerGrid(name + ".poison", all);
    }
    if (key.kind() == Kind.FORWARD) {
      graph.task("attend", ForwardKernel::run, context, ints, in, out);
      grids.addWorkerGrid(name + ".attend", queries);
    } else if (key.kind() == Kind.LEAN_FORWARD) {
      graph.task("attend", LeanForwardKernel::run, context, ints, in, out);
      grids.addWorkerGrid(name + ".attend", queries);
    } else {
      graph.task("delta", DeltaKernel::run, context, ints, in, out);
      grids.addWorkerGrid(name + ".delta", rows);
    }
    if (key.kind() == Kind.BACKWARD || key.kind() == Kind.BACKWARD_IN_PARTS) {
      int inParts = key.kind() == Kind.BACKWARD_IN_PARTS ? 1 : 0;
      graph.task("query", QueryGradientKernel::run, context, ints, in, out, inParts);
      graph.task("key", KeyGradientKernel::run, context, ints, in, out, inParts);
      grids.addWorkerGrid(name + ".query", queries);
      grids.addWorkerGrid(name + ".key", keys);
    }
    if (key.kind() == Kind.BIAS) {
      graph.task("pairs", BiasGradientKernel::run, context, ints, in, out);
      grids.addWorkerGrid(name + ".pairs", queries);
    }
    return graph.transferToHost(DataTransferMode.EVERY_EXECUTION, out);
  }

  /**
   * Runs the kernels on a problem that fits.
   *
   * @param planes planes that the query tiles lie in: batch entries times heads, or those of a bias
   * @param channels channels of what a query gets
   * @return nanoseconds that the device was busy with kernels
   */
  long run(Packed packed, int planes, int channels) {
    int wide = Math.max(packed.problem().depth(), packed.problem().valueDepth());
    int keyPlanes = packed.problem().batches() * packed.problem().kvHeads();
    boolean inParts = key.kind() == Kind.BACKWARD_IN_PARTS;
    int queryGroups = inParts ? packed.queryParts().count() : packed.queryTiles();
    int keyGroups = inParts ? packed.keyParts().count() : packed.keyTiles();
    grid(queries, queryGroups, planes, Math.max(1, Tiles.slabs(channels)));
    grid(keys, keyGroups, keyPlanes, Tiles.slabs(wide));
    rows.setGlobalWork(roundedUp(packed.problem().lseShape().size()), 1, 1);
    all.setGlobalWork(roundedUp(key.capacity()), 1, 1);
    MemorySegment.copy(
        packed.ints(), 0, ints.getSegment(), ValueLayout.JAVA_INT, 0, packed.ints().length);
    for (Packed.Piece piece : packed.pieces()) {
      MemorySegment.copy(
          piece.values(),
          0,
          in.getSegment(),
          ValueLayout.JAVA_FLOAT,
          (long) Float.BYTES * piece.at(),
          piece.values().length);
    }
    long nanos = nanos(plan);
    if (key.poisoned()) {
      float[] floats = result(new Region(0, packed.regions().length()));
      packed.regions().check(floats, key.kind().results());
    }
    return nanos;
  }

  /** Executes a plan; nanoseconds that the device was busy with kernels. */
  static long nanos(TornadoExecutionPlan plan) {
    try {
      return plan.execute().getProfilerResult().getDeviceKernelTime();
    } catch (TornadoOutOfMemoryException full) {
      throw new DeviceEngine.OutOfMemory(
          "the problem does not fit into the device's memory that TornadoVM may use: start Java with"
              + " -Dtornado.device.memory=24GB, for instance",
          full);
    }
  }

  /** Batch entries times heads are the second extent of a grid. */
  static void requirePlanes(int planes) {
    Require.argument(
        planes <= MOST_PLANES,
        "batch entries times heads are %d: a device is given at most %d at a time",
        planes,
        MOST_PLANES);
  }

  /** A region of what a device gave back. */
  static float[] floats(FloatArray out, Region region) {
    float[] values = new float[region.size()];
    long offset = (long) Float.BYTES * region.at();
    MemorySegment.copy(out.getSegment(), ValueLayout.JAVA_FLOAT, offset, values, 0, values.length);
    return values;
  }

  private static void grid(WorkerGrid grid, int tiles, int planes, int slabs) {
    requirePlanes(planes);
    grid.setGlobalWork((long) tiles * SIDE, (long) planes * SIDE, slabs);
  }

  private static long roundedUp(int items) {
    return (long) Math.ceilDiv(items, LINE) * LINE;
  }

  /** A result of the last run. */
  float[] result(Region region) {
    return floats(out, region);
  }
}
