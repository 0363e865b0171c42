package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the numbers of some goals. It is run in several JVMs, each of which judges results
 * before it times anything.
 */
interface Experiment {
  /** What the command line calls it. */
  String id();

  /** What its numbers are held to, which may depend on the number of threads. */
  List<Goal> goals(int threads);

  /** Measures, in a JVM of its own. */
  Sample run(Lab lab) throws IOException;

  /** Whether it is run on each number of threads, or on the largest only. */
  default boolean onEveryThreadCount() {
    return false;
  }

  /** The peer that it needs, or null. */
  default @Nullable String peer() {
    return null;
  }

  /** Why it cannot run at all, or null. */
  default @Nullable String obstacle() {
    return null;
  }

  /** Flags of its JVM beyond the usual. */
  default List<String> flags() {
    return List.of();
  }

  /** What it adds to the environment of its JVM. */
  default Map<String, String> environment() {
    return Map.of();
  }
}
