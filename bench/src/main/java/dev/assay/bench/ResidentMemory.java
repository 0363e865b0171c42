package dev.assay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process, in MiB, as Linux tells it. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Writing 5 here makes the kernel forget the highest value so far. */
  private static final Path FORGET = Path.of("/proc/self/clear_refs");

  private static final double KIBIBYTES = 1024;

  private ResidentMemory() {}

  /** Whether this system tells. */
  public static boolean known() {
    return Files.isReadable(STATUS);
  }

  /** Now. */
  public static double now() throws IOException {
    return value("VmRSS:");
  }

  /** Highest since the start, or since it was forgotten. */
  public static double highest() throws IOException {
    return value("VmHWM:");
  }

  /** Lets {@link #highest} begin anew. */
  public static void forgetHighest() throws IOException {
    Files.writeString(FORGET, "5");
  }

  /** Highest during some work, above what was resident before it. */
  public static double added(Runnable work) throws IOException {
    System.gc();
    forgetHighest();
    double before = now();
    work.run();
    return highest() - before;
  }

  private static double value(String name) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES;
      }
    }
    throw new IOException(STATUS + " has no line " + name + ": this system does not report it");
  }
}
