package dev.assay.gradcheck.conformance;

import dev.assay.file.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A program that was started, with an alarm that kills it and an ear for its last words. */
final class ChildProcess implements AutoCloseable {
  private static final int KEPT_CHARACTERS = 8192;
  private static final int KEPT_LINES = 20;

  /** A process that closed its output is given so long to end. */
  private static final long END_SECONDS = 5;

  /** Rings unless it is closed. */
  interface Alarm extends AutoCloseable {
    @Override
    void close();
  }

  private final Process process;
  private final Thread ear;
  private final StringBuilder said = new StringBuilder();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("alarm").unstarted(task));
  private volatile boolean overdue;

  private ChildProcess(Process process) {
    this.process = process;
    this.ear = Thread.ofPlatform().daemon().name("errors").unstarted(this::hear);
  }

  /**
   * Starts a program.
   *
   * @throws IOException with one sentence, if that is not possible
   */
  static ChildProcess start(List<String> command) throws IOException {
    try {
      ChildProcess child = new ChildProcess(new ProcessBuilder(command).start());
      child.ear.start();
      return child;
    } catch (IOException absent) {
      throw new IOException(
          "the program '%s' cannot be started: %s"
              .formatted(command.getFirst(), reason(String.valueOf(absent.getMessage()))),
          absent);
    }
  }

  /** Java's own message names the program twice, and an error number. */
  private static String reason(String message) {
    String reason = message.substring(message.lastIndexOf(',') + 1).strip();
    return reason.isEmpty() ? message : reason;
  }

  private void hear() {
    char[] buffer = new char[1024];
    try (Reader errors = new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)) {
      for (int count = errors.read(buffer); count >= 0; count = errors.read(buffer)) {
        synchronized (said) {
          said.append(buffer, 0, count);
          said.delete(0, Math.max(0, said.length() - KEPT_CHARACTERS));
        }
      }
    } catch (IOException closed) {
      // It was killed: what it said before is kept.
    }
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return process.getInputStream();
  }

  /**
   * Kills the program unless what is returned is closed in time.
   *
   * @param late what is done then, for its output may stay open: a process that it has left behind
   *     may hold it
   */
  Alarm within(Duration time, Runnable late) {
    Future<?> alarm =
        clock.schedule(
            () -> {
              overdue = true;
              kill();
              late.run();
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> alarm.cancel(false);
  }

  /** Whether it was killed because it took too long. */
  boolean late() {
    return overdue;
  }

  /** Waits a little for its end, kills it if need be, and says how it ended; empty for 0. */
  String end() {
    String how = "it did not end, and was killed";
    try {
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        int code = process.exitValue();
        how = code == 0 ? "" : "it ended with exit code " + code + signal(code);
      }
      kill();
      ear.join(Duration.ofSeconds(1));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      kill();
    }
    return how;
  }

  private static String signal(int code) {
    return code > 128 && code < 160 ? " (signal " + (code - 128) + ")" : "";
  }

  /** The last lines of its error stream, fit to be printed. */
  String lastWords() {
    synchronized (said) {
      List<String> lines = said.toString().strip().lines().map(Printable::of).toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size()));
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    // Process itself would close the pipes too, and wait for whoever is writing into one.
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    kill();
  }
}
