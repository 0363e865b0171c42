package dev.assay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much resident memory one forward and backward takes beyond its inputs, as the kernel counts
 * it ({@code VmHWM} in {@code /proc/self/status}), results included.
 *
 * <p>Measured in a JVM of its own, after a small run, so that the compiler's own memory is not
 * counted, and with a heap that gives back what is free: neither garbage nor room that was there
 * before distorts the difference by more than a few MiB.
 *
 * @param baselineMebibytes resident before the run, inputs included
 * @param peakMebibytes highest during the run
 */
public record PeakMemory(double baselineMebibytes, double peakMebibytes) {
  private static final List<String> HEAP =
      List.of(
          "-XX:+UseSerialGC",
          // A heap never shrinks below its first size, and what was once touched there stays.
          "-Xms8m",
          "-Xmn2m",
          "-XX:MinHeapFreeRatio=1",
          "-XX:MaxHeapFreeRatio=5",
          "-XX:-ShrinkHeapInSteps");

  /** Flags of a JVM whose heap grows by what is needed and gives back what is free. */
  public static List<String> flags() {
    return HEAP;
  }

  /** What the run added. */
  public double addedMebibytes() {
    return peakMebibytes - baselineMebibytes;
  }

  /** Its memory is that of a device, which the process's does not tell. */
  private static final String ON_DEVICE = "tornado";

  /**
   * Measures an engine, or null where the system does not say how much memory a process takes, or
   * the engine's memory is not the process's.
   */
  static @Nullable PeakMemory of(Workload workload, Engine engine, double warmUpSeconds)
      throws IOException, InterruptedException {
    if (!ResidentMemory.known() || engine.id().equals(ON_DEVICE)) {
      return null;
    }
    Path answer = Files.createTempFile("assay-memory", ".txt");
    answer.toFile().deleteOnExit();
    try {
      List<String> command = command(workload, engine, warmUpSeconds, answer);
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("the JVM that measures " + engine.id() + " failed: " + said.strip());
      }
      String[] numbers = Files.readString(answer).split(" ", -1);
      return new PeakMemory(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
    } finally {
      Files.deleteIfExists(answer);
    }
  }

  private static List<String> command(
      Workload workload, Engine engine, double warmUpSeconds, Path answer) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(KernelFlags.all());
    command.addAll(HEAP);
    for (String setting : new String[] {"assay.vector.bits", "assay.threads"}) {
      String value = System.getProperty(setting);
      if (value != null) {
        command.add("-D" + setting + "=" + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PeakMemoryProbe.class.getName(), answer.toString(), engine.id()));
    command.add(workload.work().name());
    for (int size :
        new int[] {workload.n(), workload.heads(), workload.kvHeads(), workload.depth()}) {
      command.add(Integer.toString(size));
    }
    command.add(Double.toString(warmUpSeconds));
    return command;
  }
}
