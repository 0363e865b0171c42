package dev.assay.file;

import dev.assay.file.TensorFile.Entry;
import dev.assay.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Numpy's format of one array, versions 1.0, 2.0 and 3.0: a magic, a header that is a Python
 * literal, and the elements in C or Fortran order. Little-endian floats of 2, 4 and 8 bytes, signed
 * integers of 1 to 8, unsigned bytes and booleans. Read only.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The
 *     description of the format</a>
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads a file as a tensor file with one tensor, named like the file without its ending.
   *
   * @throws FormatException if the file breaks a rule of the format
   */
  public static TensorFile read(Path file) throws IOException {
    long length = InputFile.length(file);
    String name = String.valueOf(file.getFileName()).replaceFirst("(?i)\\.npy$", "");
    Place place = new Place(file.toString(), "array " + name);
    try (InputStream in = open(file)) {
      NpyHeader header = NpyHeader.read(in, length, place);
      SequencedMap<String, Entry> one = new LinkedHashMap<>();
      one.put(name, new Entry(header.dtype(), header.shape(), () -> load(file, length, place)));
      return new TensorFile(file.toString(), one, new LinkedHashMap<>());
    }
  }

  private static Tensor load(Path file, long length, Place place) throws IOException {
    try (InputStream in = open(file)) {
      return NpyHeader.read(in, length, place).values(in, place);
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file));
  }
}
