package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What somebody put into a folder that would be replaced: nothing of it may be lost. */
final class Strangers {
  private Strangers() {}

  /**
   * Looks through a folder.
   *
   * @throws FormatException naming the first file or folder that the inventory does not have
   */
  static void refuse(Path target, Path folder, AtomicFolder.Inventory own) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(
          target.toString(), "folder", "is a file: name a new or an empty folder");
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isEmpty()) {
        return;
      }
    }
    Set<Path> known = new HashSet<>();
    for (String path : own.of(folder)) {
      for (Path one = folder.resolve(path); one != null; one = one.getParent()) {
        known.add(one);
      }
    }
    try (Stream<Path> all = Files.walk(folder)) {
      Path stranger =
          all.filter(one -> !one.equals(folder) && !known.contains(one))
              .sorted()
              .findFirst()
              .orElse(null);
      if (stranger != null) {
        throw new FormatException(
            target.toString(),
            "folder",
            "holds %s, which is not written here and would be lost: move it away, or name a new or an empty folder"
                .formatted(folder.relativize(stranger)));
      }
    }
  }
}
