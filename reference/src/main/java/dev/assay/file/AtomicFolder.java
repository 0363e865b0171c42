package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a folder of files so that it is the old one or the whole new one: into a folder beside it,
 * which then takes its place.
 */
public final class AtomicFolder {
  /** What a folder will hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes it into an empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  private AtomicFolder() {}

  /**
   * Writes a folder, in place of an older one of the same kind if there is one.
   *
   * @param mark a file that every folder of this kind has; a folder that has it is replaced, one
   *     with anything else in it is left alone
   * @throws IOException with one sentence; the target is then as it was
   */
  public static void write(Path target, String mark, Content content) throws IOException {
    Path whole = target.toAbsolutePath().normalize();
    if (Files.exists(whole) && !Files.exists(whole.resolve(mark)) && !isEmpty(whole)) {
      throw new FormatException(
          target.toString(),
          "folder",
          "holds something else than what is written here: name a new or an empty one");
    }
    String own = "-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    Path fresh = whole.resolveSibling(whole.getFileName() + ".new" + own);
    Path old = whole.resolveSibling(whole.getFileName() + ".old" + own);
    try {
      Files.createDirectories(fresh);
      content.writeTo(fresh);
      swap(fresh, whole, old);
    } finally {
      delete(fresh);
    }
    delete(old);
  }

  private static void swap(Path fresh, Path whole, Path old) throws IOException {
    boolean replaces = Files.exists(whole);
    if (replaces) {
      Files.move(whole, old);
    }
    try {
      Files.move(fresh, whole);
    } catch (IOException failure) {
      if (replaces) {
        Files.move(old, whole);
      }
      throw failure;
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }

  /** Deletes a folder with all that is in it, if it exists; links are deleted, not followed. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> inside = Files.walk(folder)) {
      all = inside.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
