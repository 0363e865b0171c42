package dev.assay.bench;

import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What runs in the JVM that {@link PeakMemory} starts: one forward and backward, watched.
 *
 * <p>Arguments: the file for the answer, engine, kind of work, n, heads, key heads, channels,
 * seconds to warm up.
 */
final class PeakMemoryProbe {
  private static final int SMALL = 200;
  private static final double NANOS = 1e9;

  private PeakMemoryProbe() {}

  public static void main(String[] args) throws IOException {
    Engine engine = Engines.find(args[1]);
    Work work = Work.valueOf(args[2]);
    int depth = Integer.parseInt(args[6]);
    Workload workload =
        new Workload(
            work,
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]),
            Integer.parseInt(args[5]),
            depth);
    EngineRun small = new EngineRun(new Workload(work, SMALL, 2, 1, depth), engine);
    double warmUp = Double.parseDouble(args[7]) * NANOS;
    for (double spent = 0; spent < warmUp; ) {
      spent += small.nanos(Pass.FORWARD_AND_BACKWARD);
    }
    EngineRun run = new EngineRun(workload, engine);
    System.gc();
    ResidentMemory.forgetHighest();
    double baseline = ResidentMemory.now();
    run.run(Pass.FORWARD_AND_BACKWARD);
    Files.writeString(Path.of(args[0]), baseline + " " + ResidentMemory.highest());
  }
}
