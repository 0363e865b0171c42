package dev.assay.gradcheck.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * A reader with the bytes to begin from.
 *
 * @param name of the reader: on the command line, and of its folder of kept files
 * @param source what its sentences must name
 * @param corpus valid documents, small ones
 * @param read reads bytes wholly, values included
 */
public record FuzzReader(String name, String source, List<byte[]> corpus, Read read) {
  /** Reads a document. */
  @FunctionalInterface
  public interface Read {
    /**
     * Reads it.
     *
     * @throws dev.assay.file.FormatException if it is refused; nothing else may come out
     */
    void read(byte[] bytes) throws IOException;
  }
}
