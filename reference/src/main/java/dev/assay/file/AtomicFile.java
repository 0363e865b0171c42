package dev.assay.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that readers see the old content or all of the new one, never a part: into a
 * temporary file of the same folder, which is then moved.
 */
public final class AtomicFile {
  /** What a file will hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes it, front to back. */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /** Writes text in UTF-8. */
  public static void write(Path target, String text) throws IOException {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes. */
  public static void write(Path target, byte[] bytes) throws IOException {
    write(target, out -> out.write(bytes));
  }

  /**
   * Writes what the content gives. A link is followed; a device or a pipe is written to directly,
   * since it cannot be replaced.
   *
   * @throws IOException with one sentence that names the target; nothing half-written remains
   */
  public static void write(Path target, Content content) throws IOException {
    Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (Files.isDirectory(real)) {
      throw new FormatException(target.toString(), "target", "is a directory: name a file in it");
    }
    try {
      if (Files.exists(real) && !Files.isRegularFile(real)) {
        try (OutputStream out = Files.newOutputStream(real, StandardOpenOption.WRITE)) {
          content.writeTo(out);
        }
      } else {
        replace(real, content);
      }
    } catch (IOException failure) {
      throw failure(target, failure);
    }
  }

  /**
   * Takes away what writers that were killed have left of files in a folder whose names nobody
   * writes twice: the next write of a file cleans up only behind those of its own name.
   *
   * @param names a regular expression of their names
   */
  public static void sweep(Path folder, String names) throws IOException {
    Leftovers.sweep(folder, names);
  }

  static IOException failure(Path target, IOException failure) {
    return new IOException(
        target + " could not be written: " + reason(failure) + "; nothing of it was left behind",
        failure);
  }

  private static void replace(Path target, Content content) throws IOException {
    // createTempFile would hide it from others.
    Path part = target.resolveSibling(target.getFileName() + "." + Leftovers.own() + ".part");
    Leftovers.sweep(target, ".", ".part");
    try {
      Unfinished.begin(part);
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              1 << 16)) {
        content.writeTo(out);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
      Unfinished.end(part);
    }
  }

  /** Why a file could not be written, as part of a sentence. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "this user may not write there";
    }
    if (failure instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
