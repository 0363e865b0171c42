package dev.assay.engine;

/**
 * An engine whose kernels run on a device of their own, which has a clock: what lies between two
 * calls of the host, copies included, says little about a kernel.
 */
public interface DeviceEngine extends Engine {
  /**
   * What the device reaches with kernels that do one thing only, compiled by the same back end.
   *
   * @param gigaflops fp32 multiply-adds, two operations each, in 10^9 operations a second
   * @param gigabytes a copy within the device's memory, 10^9 bytes a second, read and written ones
   *     counted
   */
  record Rates(double gigaflops, double gigabytes) {}

  /** A problem does not fit into the device's memory. */
  final class OutOfMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a sentence that says what can be done, and what the device's runtime said. */
    public OutOfMemory(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Measures the rates; a second or two. */
  Rates rates();

  /** Back end, platform and name of the device. */
  String device();

  /** Nanoseconds that the device has been busy with kernels of this engine so far. */
  long kernelNanos();
}
