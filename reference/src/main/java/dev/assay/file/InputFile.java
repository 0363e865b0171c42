package dev.assay.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What every reader asks of a path first. */
final class InputFile {
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
}
