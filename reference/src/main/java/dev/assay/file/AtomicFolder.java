package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a folder of files so that it is the old one or the whole new one: into a folder beside it,
 * or inside one that exists already, whose content is then exchanged. The folder itself stays, for
 * it may be somebody's working folder, a link, or the root of a volume.
 */
public final class AtomicFolder {
  /** What a folder will hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes it into an empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  /** Tells which files of an older folder were written here, and may be replaced. */
  @FunctionalInterface
  public interface Inventory {
    /** Their paths in the folder, with slashes. */
    Set<String> of(Path folder) throws IOException;
  }

  private AtomicFolder() {}

  /**
   * Writes a folder, in place of an older one of the same kind if there is one. What a writer that
   * was killed has left there is put right first.
   *
   * @param own what may be replaced; a folder that holds anything else is left alone
   * @throws IOException with one sentence; the target is then as it was
   */
  public static void write(Path target, Inventory own, Content content) throws IOException {
    Path whole = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
    boolean replaces = Files.exists(whole);
    if (Files.isDirectory(whole)) {
      Exchange.repair(whole);
    }
    if (replaces) {
      Strangers.refuse(target, whole, own);
    }
    Exchange exchange = new Exchange(whole, Leftovers.own());
    Path fresh =
        replaces
            ? exchange.fresh()
            : whole.resolveSibling(whole.getFileName() + ".new-" + exchange.mark());
    try {
      Leftovers.sweep(whole, ".new-", "");
      Unfinished.begin(fresh);
      Files.createDirectories(fresh);
      content.writeTo(fresh);
      if (replaces) {
        Unfinished.whole(exchange::run);
        exchange.clear();
      } else {
        Unfinished.whole(() -> Files.move(fresh, whole));
      }
    } catch (FormatException broken) {
      throw broken;
    } catch (IOException failure) {
      throw exchange.halfway() ? halfway(target, failure) : AtomicFile.failure(target, failure);
    } finally {
      if (!exchange.halfway()) {
        delete(fresh);
      }
    }
  }

  private static IOException halfway(Path target, IOException failure) {
    return new IOException(
        "%s was not written as a whole: %s; the old files and the new ones lie in hidden folders in it, and the next write puts them right"
            .formatted(target, AtomicFile.reason(failure)),
        failure);
  }

  /** A new folder for work, which {@link #delete} takes away, or the end of the process. */
  public static Path temporary(String name) throws IOException {
    Path folder = Files.createTempDirectory(name);
    Unfinished.begin(folder);
    return folder;
  }

  /** Deletes a folder with all that is in it, if it exists; links are deleted, not followed. */
  public static void delete(Path folder) throws IOException {
    erase(folder);
    Unfinished.end(folder);
  }

  static void erase(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> inside = Files.walk(path)) {
      all = inside.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.deleteIfExists(one);
    }
  }
}
