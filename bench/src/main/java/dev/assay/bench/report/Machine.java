package dev.assay.bench.report;

import dev.assay.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What figures were measured on, without a name that would say whose it is.
 *
 * @param cpu model of the processor
 * @param cores processors that the JVM sees
 * @param vectors what the simd engine says of itself
 * @param jdk version and vendor
 */
public record Machine(String cpu, int cores, String vectors, String jdk) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This one. */
  public static Machine here() {
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        Engines.find("simd").availability().description(),
        Runtime.version() + ", " + System.getProperty("java.vendor"));
  }

  private static String cpuModel() {
    try {
      for (String line : Files.readAllLines(CPU_INFO)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException notLinux) {
      // Then the architecture has to do.
    }
    return System.getProperty("os.arch", "unknown");
  }
}
