package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What writers that were killed have left: their names tell the process, so that the next writer of
 * the same target can put things right once that process is gone.
 */
final class Leftovers {
  /** The process and the moment, as {@link #own} writes them. */
  private static final String MARK = "(?<pid>\\d{1,10})-\\d{1,19}";

  private Leftovers() {}

  /** A mark that no other writer has. */
  static String own() {
    // The clock may count from any moment, from one in the future too.
    return ProcessHandle.current().pid() + "-" + (System.nanoTime() & Long.MAX_VALUE);
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
    long pid = Long.parseLong(fits.group("pid"));
    // In a container every process may have the same number, its forerunners too.
    return pid == ProcessHandle.current().pid()
        ? !Unfinished.has(one)
        : ProcessHandle.of(pid).isEmpty();
  }
}
