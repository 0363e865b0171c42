package dev.assay.file;

import dev.assay.file.SafetensorsHeader.Slice;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Walks the JSON of a safetensors header once, token by token. */
final class SafetensorsParser {
  private static final int MOST_AXES = 64;

  /** An empty tensor is 60 bytes of header, and dozens of times as many in memory. */
  static final int MOST_TENSORS = 65_536;

  /** Lines of metadata. */
  static final int MOST_LINES = 65_536;

  private final byte[] json;
  private final Place place;
  private final SequencedMap<String, Slice> slices = new LinkedHashMap<>();
  private final SequencedMap<String, String> metadata = new LinkedHashMap<>();

  SafetensorsParser(byte[] json, Place place) {
    this.json = json;
    this.place = place;
  }

  SafetensorsHeader parse() throws IOException {
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      parser.nextToken();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        if (name.equals(SafetensorsHeader.METADATA)) {
          metadata(parser);
        } else {
          if (slices.size() == MOST_TENSORS) {
            throw place.fault("names more than " + MOST_TENSORS + " tensors: split the file");
          }
          slices.put(name, slice(parser, place.at("tensor " + name)));
        }
      }
      if (parser.nextToken() != null) {
        throw place.fault("more text follows after its last '}'");
      }
    } catch (JacksonException broken) {
      throw Json.fault(place, broken);
    }
    return new SafetensorsHeader(slices, metadata);
  }

  private void metadata(JsonParser parser) throws FormatException {
    Place at = place.at(SafetensorsHeader.METADATA);
    expect(parser, JsonToken.START_OBJECT, at, "must be an object of texts");
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      if (metadata.size() == MOST_LINES) {
        throw at.fault("has more than " + MOST_LINES + " lines");
      }
      parser.nextToken();
      expect(parser, JsonToken.VALUE_STRING, at, "the value of '" + key + "' must be a text");
      metadata.put(key, parser.getString());
    }
  }

  private Slice slice(JsonParser parser, Place at) throws FormatException {
    expect(parser, JsonToken.START_OBJECT, at, "must be an object with dtype, shape, data_offsets");
    String dtype = null;
    long[] extents = null;
    long[] offsets = null;
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      parser.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(parser, JsonToken.VALUE_STRING, at, "dtype must be a text");
          dtype = parser.getString();
        }
        case "shape" -> extents = numbers(parser, at, "shape");
        case "data_offsets" -> offsets = numbers(parser, at, "data_offsets");
        default -> throw at.fault("has the unknown key '" + key + "'");
      }
    }
    if (dtype == null || extents == null || offsets == null) {
      throw at.fault("lacks one of dtype, shape, data_offsets");
    }
    return slice(type(dtype, at), extents, offsets, at);
  }

  private static Slice slice(DType dtype, long[] extents, long[] offsets, Place at)
      throws FormatException {
    Shape shape = Extents.shape(extents, at);
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw at.fault(
          "data_offsets " + Arrays.toString(offsets) + " must be [begin, end] with begin <= end");
    }
    long bytes = (long) shape.size() * dtype.bytes();
    if (offsets[1] - offsets[0] != bytes) {
      throw at.fault(
          "data_offsets %s span %d bytes, but %s %s takes %d"
              .formatted(Arrays.toString(offsets), offsets[1] - offsets[0], dtype, shape, bytes));
    }
    return new Slice(dtype, shape, offsets[0], offsets[1]);
  }

  private static long[] numbers(JsonParser parser, Place at, String key) throws FormatException {
    expect(parser, JsonToken.START_ARRAY, at, key + " must be a list of whole numbers");
    long[] numbers = new long[MOST_AXES];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser, JsonToken.VALUE_NUMBER_INT, at, key + " must be a list of whole numbers");
      if (count == MOST_AXES) {
        throw at.fault(key + " has more than " + MOST_AXES + " numbers");
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw at.fault(key + " holds " + parser.getString() + ": 0 to 2^63 - 1 are allowed");
      }
      numbers[count++] = parser.getLongValue();
    }
    return Arrays.copyOf(numbers, count);
  }

  private static DType type(String name, Place at) throws FormatException {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw at.fault(
        "dtype '" + name + "' is not known here: use one of " + Arrays.toString(DType.values()));
  }

  private static void expect(JsonParser parser, @Nullable JsonToken token, Place at, String rule)
      throws FormatException {
    if (parser.currentToken() != token) {
      throw at.fault(rule);
    }
  }
}
