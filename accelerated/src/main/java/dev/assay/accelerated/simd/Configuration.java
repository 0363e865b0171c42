package dev.assay.accelerated.simd;

import dev.assay.check.Require;

/**
 * What a user can set from outside, read without touching the Vector API, so that a bad setting and
 * a missing module can be told apart from a broken engine.
 */
final class Configuration {
  /** The width of vectors in bits: 128, 256 or 512; without it the machine's preferred width. */
  static final String VECTOR_BITS = "assay.vector.bits";

  /** The number of threads; without it one for each processor. */
  static final String THREADS = "assay.threads";

  private static final String MODULE = "jdk.incubator.vector";

  private Configuration() {}

  /** Whether the JVM was started with the incubator module. */
  static boolean modulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** The width asked for, or 0 for the preferred one. */
  static int vectorBits() {
    String asked = System.getProperty(VECTOR_BITS, "");
    if (asked.isEmpty()) {
      return 0;
    }
    Require.argument(
        asked.equals("128") || asked.equals("256") || asked.equals("512"),
        "%s is %s: it must be 128, 256 or 512, or absent for the preferred width",
        VECTOR_BITS,
        asked);
    return Integer.parseInt(asked);
  }

  /** The number of threads to use. */
  static int threads() {
    String asked = System.getProperty(THREADS, "");
    if (asked.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    Require.argument(
        asked.matches("[1-9][0-9]{0,3}"),
        "%s is %s: it must be a number from 1 to 9999, or absent for one thread a processor",
        THREADS,
        asked);
    return Integer.parseInt(asked);
  }
}
