package dev.assay.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Files and folders that are being made, so that a process which is told to end (Ctrl-C, kill)
 * leaves none of them behind.
 */
final class Unfinished {
  private static final Set<Path> PATHS = new LinkedHashSet<>();
  private static final int MOST_TRIES = 20;
  private static final long PAUSE_NANOS = 5_000_000;
  private static boolean ending;

  /** What must not be interrupted halfway. */
  @FunctionalInterface
  interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Unfinished::clean, "unfinished-files"));
  }

  private Unfinished() {}

  /** From now on this is deleted when the process ends. */
  static void begin(Path path) {
    synchronized (PATHS) {
      waitForTheEnd();
      PATHS.add(path);
    }
  }

  /** It is finished, or deleted. */
  static void end(Path path) {
    synchronized (PATHS) {
      waitForTheEnd();
      PATHS.remove(path);
    }
  }

  /** Whether this process is making it. */
  static boolean has(Path path) {
    synchronized (PATHS) {
      return PATHS.contains(path);
    }
  }

  /** Does something as a whole: a process that is told to end waits until it is done. */
  static void whole(Step step) throws IOException {
    synchronized (PATHS) {
      waitForTheEnd();
      step.run();
    }
  }

  /** The process is ending: whoever still writes stops here, and does not report success. */
  private static void waitForTheEnd() {
    while (ending) {
      try {
        PATHS.wait();
      } catch (InterruptedException again) {
        // There is nothing to go on with.
        Thread.onSpinWait();
      }
    }
  }

  private static void clean() {
    Set<Path> left;
    synchronized (PATHS) {
      ending = true;
      left = new LinkedHashSet<>(PATHS);
    }
    left.forEach(Unfinished::delete);
  }

  private static void delete(Path path) {
    // A file that was being written when the end came may still appear in a folder meanwhile.
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      try {
        AtomicFolder.erase(path);
        return;
      } catch (IOException | UncheckedIOException again) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
