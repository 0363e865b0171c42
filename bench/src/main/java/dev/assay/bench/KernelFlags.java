package dev.assay.bench;

import java.util.List;

/** What a JVM needs for the kernels to run, and to run as fast as under the launcher. */
public final class KernelFlags {
  /** The Vector API. */
  public static final String MODULE = "--add-modules=jdk.incubator.vector";

  /**
   * Pointers that find no register wait on the stack: from a vector register they come back too
   * late for a kernel's next step.
   */
  public static final String SPILLS = "-XX:-UseFPUForSpilling";

  /** Kernels may ask where their scratch memory lies, and begin it at a cache line. */
  public static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  private KernelFlags() {}

  /** All of them. */
  public static List<String> all() {
    return List.of(MODULE, SPILLS, NATIVE);
  }
}
