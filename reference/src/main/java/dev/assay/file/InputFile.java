package dev.assay.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What every reader asks of a path first. */
public final class InputFile {
  private InputFile() {}

  /** The length of a regular file that exists. */
  static long length(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(
          file.toString(),
          "file",
          Files.isDirectory(file) ? "is a directory, not a file" : "is not a regular file");
    }
    return Files.size(file);
  }

  /**
   * All bytes of a file.
   *
   * @param most bytes that it may have, below 2^31 - 1
   * @throws FormatException if it is no regular file, has more, or is changed meanwhile
   */
  public static byte[] bytes(Path file, int most) throws IOException {
    long length = length(file);
    if (length > most) {
      throw new FormatException(
          file.toString(), "file", "has " + length + " bytes: at most " + most + " are read");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) length + 1);
      if (bytes.length != length) {
        throw new FormatException(file.toString(), "file", "was changed while it was read");
      }
      return bytes;
    }
  }
}
