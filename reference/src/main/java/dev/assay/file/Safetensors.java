package dev.assay.file;

import dev.assay.check.Require;
import dev.assay.file.TensorFile.Entry;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The safetensors format: eight bytes with the length of the header, a JSON header, then the data,
 * all little-endian. Tensors lie side by side: no byte of the data is unused or used twice.
 *
 * @see <a href="https://github.com/huggingface/safetensors">The description of the format</a>
 */
public final class Safetensors {
  /** Largest header that the format allows. */
  static final int LARGEST_HEADER = 100_000_000;

  private static final int PREFIX = Long.BYTES;

  private Safetensors() {}

  /** Where the bytes of a file come from. */
  interface Source {
    /** The bytes from a position on; whoever asks closes it. */
    InputStream from(long position) throws IOException;
  }

  /**
   * Reads the header; the values follow when they are asked for.
   *
   * @throws FormatException if the file breaks a rule of the format
   */
  public static TensorFile read(Path file) throws IOException {
    long length = InputFile.length(file);
    return read(
        file.toString(),
        length,
        position -> Channels.newInputStream(FileChannel.open(file).position(position)));
  }

  /**
   * Reads what is in memory already, for instance an entry of a jar.
   *
   * @param name what messages call it
   * @throws FormatException if the bytes break a rule of the format
   */
  public static TensorFile read(String name, byte[] bytes) throws IOException {
    return read(
        name,
        bytes.length,
        position -> {
          InputStream all = new ByteArrayInputStream(bytes);
          all.skipNBytes(position);
          return all;
        });
  }

  private static TensorFile read(String name, long length, Source source) throws IOException {
    Place place = new Place(name, "header");
    try (InputStream in = source.from(0)) {
      byte[] header = in.readNBytes(headerLength(in, length, place));
      long dataStart = PREFIX + (long) header.length;
      SafetensorsHeader parsed = SafetensorsHeader.parse(header, length - dataStart, place);
      SequencedMap<String, Entry> entries = new LinkedHashMap<>();
      parsed
          .slices()
          .forEach(
              (tensor, slice) ->
                  entries.put(
                      tensor,
                      new Entry(
                          slice.dtype(),
                          slice.shape(),
                          new Stored(slice, source, dataStart, place.at("tensor " + tensor)))));
      return new TensorFile(name, entries, parsed.metadata());
    }
  }

  /** Values that are read from the file when they are asked for. */
  private record Stored(SafetensorsHeader.Slice slice, Source source, long dataStart, Place place)
      implements TensorFile.Values {
    @Override
    public Tensor load() throws IOException {
      return slice.load(source, dataStart, place);
    }

    @Override
    public Tensor piece(int first, int count) throws IOException {
      return slice.piece(first, count).load(source, dataStart, place);
    }
  }

  private static int headerLength(InputStream in, long fileLength, Place place) throws IOException {
    byte[] prefix = in.readNBytes(PREFIX);
    if (prefix.length < PREFIX) {
      throw place.fault(
          "the file has " + fileLength + " bytes: a safetensors file has at least 8 and a header");
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > LARGEST_HEADER) {
      throw place.fault(
          "its length is given as "
              + Long.toUnsignedString(length)
              + " bytes: at most "
              + LARGEST_HEADER
              + " are allowed, so this may not be a safetensors file");
    }
    if (length > fileLength - PREFIX) {
      throw place.fault(
          "its length is given as "
              + length
              + " bytes, but only "
              + (fileLength - PREFIX)
              + " follow: the file is truncated or no safetensors file");
    }
    return (int) length;
  }

  /**
   * Writes a file, atomically and without a second copy of the data in memory. The header names the
   * tensors in their order; the data is laid out by falling element size, so that every tensor is
   * aligned.
   *
   * @throws IOException with one sentence that names the file; nothing half-written remains
   */
  public static void write(Path file, TensorFile tensors) throws IOException {
    AtomicFile.write(file, out -> write(file.toString(), tensors, out));
  }

  /**
   * The bytes of a file, for a pipe.
   *
   * @param name what messages call it
   */
  public static byte[] bytes(String name, TensorFile tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(name, tensors, out);
    return out.toByteArray();
  }

  private static void write(String name, TensorFile tensors, OutputStream out) throws IOException {
    List<Map.Entry<String, Entry>> layout =
        tensors.entries().entrySet().stream()
            .sorted(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()))
            .toList();
    Require.argument(
        layout.size() <= SafetensorsParser.MOST_TENSORS
            && tensors.metadata().size() <= SafetensorsParser.MOST_LINES,
        "%s: %d tensors and %d lines of metadata are more than a file may have, %d and %d",
        name,
        layout.size(),
        tensors.metadata().size(),
        SafetensorsParser.MOST_TENSORS,
        SafetensorsParser.MOST_LINES);
    byte[] header = SafetensorsHeader.write(tensors, layout);
    Require.argument(
        header.length <= LARGEST_HEADER,
        "%s: the header would have %d bytes: at most %d are allowed, write fewer tensors",
        name,
        header.length,
        LARGEST_HEADER);
    write(out, header, layout);
  }

  private static void write(OutputStream out, byte[] header, List<Map.Entry<String, Entry>> layout)
      throws IOException {
    out.write(
        ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.write(header);
    for (Map.Entry<String, Entry> tensor : layout) {
      DType dtype = tensor.getValue().dtype();
      ElementWriter.write(out, dtype, tensor.getValue().values().load());
    }
  }
}
