package dev.assay.bench.headline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.bench.KernelFlags;
import dev.assay.bench.report.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts the JVM that an experiment is run in, and reads what it measured.
 *
 * @param sizes how large the problems are
 * @param rounds interleaved rounds
 * @param warmUpSeconds how long each task runs before
 */
record Fork(Sizes sizes, int rounds, double warmUpSeconds) {
  private static final long MOST_MINUTES = 30;

  /** Results land in memory that the system has handed out before, not while the clock runs. */
  private static final List<String> STEADY_HEAP =
      List.of("-XX:+UseParallelGC", "-Xms6g", "-Xmn4g", "-XX:+AlwaysPreTouch");

  /** A JVM that ended without an answer. */
  static final class FailedException extends IOException {
    private static final long serialVersionUID = 1;

    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Runs the experiment once.
   *
   * @throws FailedException if its JVM fails
   */
  Sample run(Experiment experiment, int threads) throws IOException, InterruptedException {
    Path answer = Files.createTempFile("assay-headline", ".json");
    Path said = Files.createTempFile("assay-headline", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command(experiment, threads, answer));
      builder.environment().putAll(experiment.environment());
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try {
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
          throw new FailedException("it ran for more than " + MOST_MINUTES + " minutes");
        }
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new FailedException(reason(Files.readAllLines(said, UTF_8), process.exitValue()));
      }
      return ReportJson.read(Files.readString(answer), Sample.class);
    } finally {
      Files.deleteIfExists(answer);
      Files.deleteIfExists(said);
    }
  }

  /** The line that names the exception; what else a JVM says on its way down is not for a table. */
  private static String reason(List<String> said, int exitCode) {
    return said.stream()
        .filter(line -> line.startsWith("Exception in thread"))
        .findFirst()
        .map(line -> "its JVM failed: " + line.replaceFirst("^.*?\" ", ""))
        .orElse("its JVM ended with code " + exitCode);
  }

  private List<String> command(Experiment experiment, int threads, Path answer) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(KernelFlags.all());
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=70"));
    command.addAll(experiment.flags().isEmpty() ? heap() : experiment.flags());
    String bits = System.getProperty("assay.vector.bits");
    if (bits != null) {
      command.add("-Dassay.vector.bits=" + bits);
    }
    command.add("-D" + Threads.PROPERTY + "=" + threads);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ForkMain.class.getName(), answer.toString(), experiment.id()));
    command.addAll(List.of(sizes.name(), Integer.toString(rounds)));
    command.add(Double.toString(warmUpSeconds));
    return command;
  }

  /** Tiny problems are not timed, and need not wait for a large heap. */
  private List<String> heap() {
    return sizes == Sizes.FULL ? STEADY_HEAP : List.of("-XX:+UseParallelGC");
  }
}
