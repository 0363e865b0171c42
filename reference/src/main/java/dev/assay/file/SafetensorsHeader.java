package dev.assay.file;

import dev.assay.file.TensorFile.Entry;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JsonGenerator;

/**
 * The JSON header of a safetensors file: what it names, where it lies, and that all of it fits.
 *
 * @param slices where each tensor lies, in the header's order
 * @param metadata free text
 */
record SafetensorsHeader(
    SequencedMap<String, Slice> slices, SequencedMap<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /**
   * A tensor's place in the data.
   *
   * @param begin first byte, counted from the start of the data
   * @param end the byte after its last
   */
  record Slice(DType dtype, Shape shape, long begin, long end) {
    /** Elements of it from a row-major position on. */
    Slice piece(int first, int count) {
      long from = begin + (long) first * dtype.bytes();
      return new Slice(dtype, Shape.of(count), from, from + (long) count * dtype.bytes());
    }

    Tensor load(Safetensors.Source source, long dataStart, Place place) throws IOException {
      try (InputStream in = source.from(dataStart + begin)) {
        return ElementReader.read(in, dtype, shape, place);
      }
    }
  }

  /** Reads a header and checks it against the length of the data that follows it. */
  static SafetensorsHeader parse(byte[] json, long dataLength, Place place) throws IOException {
    if (json.length == 0 || json[0] != '{') {
      throw place.fault("does not begin with '{': this is no safetensors file");
    }
    SafetensorsHeader header = new SafetensorsParser(json, place).parse();
    header.checkLayout(dataLength, place);
    return header;
  }

  private void checkLayout(long dataLength, Place place) throws FormatException {
    List<Map.Entry<String, Slice>> inOrder =
        slices.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, Slice>>comparingLong(e -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    long used = 0;
    for (Map.Entry<String, Slice> tensor : inOrder) {
      Slice slice = tensor.getValue();
      Place at = place.at("tensor " + tensor.getKey());
      if (slice.end() > dataLength) {
        throw at.fault(
            "data_offsets end at %d, but the file has %d bytes of data: it is truncated"
                .formatted(slice.end(), dataLength));
      }
      if (slice.begin() != used) {
        throw at.fault(
            "data_offsets begin at %d, but the tensor before ends at %d: tensors must neither overlap nor leave holes"
                .formatted(slice.begin(), used));
      }
      used = slice.end();
    }
    if (used != dataLength) {
      throw place.fault(
          "the tensors take %d bytes, but the file has %d bytes of data: nothing may be left over"
              .formatted(used, dataLength));
    }
  }

  /** The header of a file that holds the tensors in the given layout, padded to eight bytes. */
  static byte[] write(TensorFile file, List<Map.Entry<String, Entry>> layout) {
    Map<String, Long> begins = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, Entry> tensor : layout) {
      begins.put(tensor.getKey(), end);
      end += bytes(tensor.getValue());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      if (!file.metadata().isEmpty()) {
        json.writePOJOProperty(METADATA, file.metadata());
      }
      file.entries()
          .forEach((name, entry) -> write(json, name, entry, begins.getOrDefault(name, 0L)));
      json.writeEndObject();
    }
    byte[] tight = out.toByteArray();
    byte[] padded = Arrays.copyOf(tight, (tight.length + 7) / 8 * 8);
    Arrays.fill(padded, tight.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void write(JsonGenerator json, String name, Entry entry, long begin) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("dtype", entry.dtype().name());
    json.writeName("shape");
    json.writeArray(entry.shape().toArray(), 0, entry.shape().rank());
    json.writeName("data_offsets");
    json.writeArray(new long[] {begin, begin + bytes(entry)}, 0, 2);
    json.writeEndObject();
  }

  private static long bytes(Entry entry) {
    return (long) entry.shape().size() * entry.dtype().bytes();
  }
}
