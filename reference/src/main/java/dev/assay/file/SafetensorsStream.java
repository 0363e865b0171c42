package dev.assay.file;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import tools.jackson.core.JsonGenerator;

/**
 * Writes safetensors files of tensors that no array holds: piece by piece, so that memory does not
 * grow with the file.
 */
public final class SafetensorsStream {
  /** Elements of a piece. */
  private static final int PIECE = 1 << 20;

  /** A tensor that gives its elements in pieces. */
  public interface Source {
    /** The type in the file. */
    DType dtype();

    /** The extents; their product may exceed 2^31. */
    List<Integer> shape();

    /** Elements from a row-major position on, each a value of the type. */
    Tensor piece(long first, int count);

    /** How many elements there are. */
    default long elements() {
      return shape().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** How many bytes they take in a file. */
    default long bytes() {
      return Math.multiplyExact(elements(), dtype().bytes());
    }
  }

  private SafetensorsStream() {}

  /** The bytes that the data of a file of these tensors takes. */
  public static long bytes(Map<String, ? extends Source> tensors) {
    return tensors.values().stream().mapToLong(Source::bytes).reduce(0, Math::addExact);
  }

  /**
   * Writes a file, atomically.
   *
   * @param progress is told how many elements were written, again and again
   * @throws IOException with one sentence that names the file; nothing half-written remains
   */
  public static void write(
      Path file, SequencedMap<String, ? extends Source> tensors, LongConsumer progress)
      throws IOException {
    List<Map.Entry<String, Source>> layout = new ArrayList<>();
    tensors.forEach((name, source) -> layout.add(Map.entry(name, source)));
    // Falling element size keeps every tensor aligned.
    layout.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
    AtomicFile.write(
        file,
        out -> {
          out.write(header(layout));
          for (Map.Entry<String, Source> entry : layout) {
            write(out, entry.getKey(), entry.getValue(), progress);
          }
        });
  }

  private static void write(OutputStream out, String name, Source source, LongConsumer progress)
      throws IOException {
    for (long first = 0; first < source.elements(); first += PIECE) {
      int count = (int) Math.min(PIECE, source.elements() - first);
      Tensor piece = source.piece(first, count);
      Require.state(piece.size() == count, "a piece of %s has %d elements", name, piece.size());
      ElementWriter.check(name, source.dtype(), piece);
      ElementWriter.write(out, source.dtype(), piece);
      progress.accept(count);
    }
  }

  private static byte[] header(List<Map.Entry<String, Source>> layout) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
      json.writeStartObject();
      long begin = 0;
      for (Map.Entry<String, Source> entry : layout) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("dtype", entry.getValue().dtype().name());
        said.put("shape", entry.getValue().shape());
        said.put("data_offsets", List.of(begin, begin + entry.getValue().bytes()));
        json.writePOJOProperty(entry.getKey(), said);
        begin += entry.getValue().bytes();
      }
      json.writeEndObject();
    }
    while (text.size() % Long.BYTES != 0) {
      text.write(' ');
    }
    return ByteBuffer.allocate(Long.BYTES + text.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.size())
        .put(text.toByteArray())
        .array();
  }
}
