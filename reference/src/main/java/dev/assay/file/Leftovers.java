package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What writers that were killed have left: their names tell the process and where it ran, so that
 * the next writer of the same target can put things right once that process is gone. From another
 * machine or container that cannot be seen, so what is left there stays for an hour.
 */
final class Leftovers {
  /** The process, the moment and the place, as {@link #of} writes them. */
  private static final String MARK = "(?<pid>\\d{1,10})-\\d{1,19}-(?<where>[0-9a-f]{8})";

  private static final Duration PATIENCE = Duration.ofHours(1);

  /**
   * Where numbers of processes mean the same: the machine and, where there are any, the container.
   */
  private static final String HERE = here();

  private Leftovers() {}

  /** A mark that no other writer has. */
  static String own() {
    return of(ProcessHandle.current().pid(), HERE);
  }

  /** A mark of a process here. */
  static String of(long pid) {
    return of(pid, HERE);
  }

  /** A mark of a process elsewhere. */
  static String of(long pid, String where) {
    // The clock may count from any moment, from one in the future too.
    return pid + "-" + (System.nanoTime() & Long.MAX_VALUE) + "-" + where;
  }

  /** Outside Linux all places are one. */
  private static String here() {
    String place = "";
    try {
      place = Files.readString(Path.of("/proc/sys/kernel/hostname"));
      place += Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException unknown) {
      // No Linux, or a file system without links: what could be read must do.
    }
    return "%08x".formatted(place.hashCode());
  }

  /** Takes away what others have left beside a target: with this between its name and the mark. */
  static void sweep(Path target, String before, String behind) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && Files.isDirectory(folder)) {
      String name = target.getFileName() + before;
      for (Path one : dead(folder, Pattern.quote(name) + MARK + Pattern.quote(behind))) {
        AtomicFolder.erase(one);
      }
    }
  }

  /** Takes away the parts that others have left of files of such names. */
  static void sweep(Path folder, String names) throws IOException {
    for (Path one : dead(folder, "(?:" + names + ")\\." + MARK + "\\.part")) {
      AtomicFolder.erase(one);
    }
  }

  /** Those of a folder whose whole name fits, and whose process is gone. */
  static List<Path> dead(Path folder, String pattern) throws IOException {
    Pattern names = Pattern.compile(pattern);
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.filter(one -> dead(one, names)).sorted().toList();
    }
  }

  /** Those inside a folder that begin so. */
  static List<Path> inside(Path folder, String before) throws IOException {
    return dead(folder, Pattern.quote(before) + MARK);
  }

  private static boolean dead(Path one, Pattern names) {
    Matcher fits = names.matcher(String.valueOf(one.getFileName()));
    if (!fits.matches()) {
      return false;
    }
    if (!fits.group("where").equals(HERE)) {
      return old(one);
    }
    long pid = Long.parseLong(fits.group("pid"));
    // In a container every process may have the same number, its forerunners too.
    return pid == ProcessHandle.current().pid()
        ? !Unfinished.has(one)
        : ProcessHandle.of(pid).isEmpty();
  }

  private static boolean old(Path one) {
    try {
      Instant touched = Files.getLastModifiedTime(one, LinkOption.NOFOLLOW_LINKS).toInstant();
      return touched.isBefore(Instant.now().minus(PATIENCE));
    } catch (IOException gone) {
      return false;
    }
  }
}
