package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A program in a process of its own that is killed with SIGKILL, at a moment after it has said that
 * it is ready: before it has its classes a program mostly loads them, and there is little to cut
 * off.
 *
 * @param program a class with a main method, which makes {@link #READY} in its place
 * @param place its one argument
 */
public record Victim(Class<?> program, Path place) {
  /** The file that says so. */
  public static final String READY = "ready";

  /** Starts it, and kills it so many microseconds after it is ready. */
  public void killAfter(long micros) throws IOException, InterruptedException {
    Files.deleteIfExists(place.resolve(READY));
    Process process = start();
    try {
      while (!Files.exists(place.resolve(READY))) {
        assertTrue(process.isAlive(), program.getSimpleName() + " has ended by itself");
        TimeUnit.MILLISECONDS.sleep(1);
      }
      TimeUnit.MICROSECONDS.sleep(micros);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            place.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
