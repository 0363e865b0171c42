package dev.assay.bench.headline;

/** The number of threads that the engine of this JVM uses. */
final class Threads {
  /** The property that sets it. */
  static final String PROPERTY = "assay.threads";

  private Threads() {}

  static int configured() {
    return Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors());
  }
}
