package dev.assay.cli;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first bytes of a file that a user named. */
final class TextFile {
  private TextFile() {}

  /**
   * Reads at most so many bytes; pipes are read too.
   *
   * @throws IOException that names the file
   */
  static byte[] read(Path file, int most) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FormatException(file.toString(), "file", "is a directory: name a file in it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    }
  }
}
