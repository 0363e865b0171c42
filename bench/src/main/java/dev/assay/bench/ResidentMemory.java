package dev.assay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process, in MiB, as Linux tells it. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Writing 5 here makes the kernel forget the highest value so far. */
  private static final Path FORGET = Path.of("/proc/self/clear_refs");

  private static final double KIBIBYTES = 1024;

  private ResidentMemory() {}

  static boolean known() {
    return Files.isReadable(STATUS);
  }

  /** Now. */
  static double now() throws IOException {
    return value("VmRSS:");
  }

  /** Highest since the start, or since it was forgotten. */
  static double highest() throws IOException {
    return value("VmHWM:");
  }

  static void forgetHighest() throws IOException {
    Files.writeString(FORGET, "5");
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
