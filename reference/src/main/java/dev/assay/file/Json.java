package dev.assay.file;

import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strict JSON: a key that comes twice, a key that nobody knows, text after the end, deep nesting
 * and endless numbers are refused.
 */
public final class Json {
  private static final int LARGEST_DOCUMENT = 64 << 20;

  static final JsonMapper MAPPER = strict();

  private Json() {}

  private static JsonMapper strict() {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // An excerpt of the file in a message would be long and may not even be text.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(400)
                    .maxNameLength(10_000)
                    .maxStringLength(20_000_000)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build();
  }

  /** The mapper with these rules, for documents of one's own shape; it is immutable. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Reads a document as a record of the given type, whose components are there unless they are
   * {@code @Nullable}.
   *
   * @throws FormatException if it is no JSON or not of that type
   */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    return read(file.toString(), InputFile.bytes(file, LARGEST_DOCUMENT), type);
  }

  /**
   * Reads a document that is in memory already.
   *
   * @param name what messages call it
   * @throws FormatException if it is no JSON or not of that type
   */
  public static <T> T read(String name, byte[] text, Class<T> type) throws IOException {
    try {
      return NoNulls.in(name, MAPPER.readValue(text, type));
    } catch (JacksonException broken) {
      throw fault(new Place(name, "JSON"), broken);
    }
  }

  /**
   * Reads a document as a tree.
   *
   * @throws FormatException if it is no JSON
   */
  public static JsonNode read(Path file) throws IOException {
    return read(file, JsonNode.class);
  }

  /** Writes a document, indented and with a line feed at its end, atomically. */
  public static void write(Path file, Object document) throws IOException {
    AtomicFile.write(file, MAPPER.writeValueAsString(document) + "\n");
  }

  /** One sentence about what Jackson refused. */
  static FormatException fault(Place place, JacksonException broken) {
    String message = String.valueOf(broken.getOriginalMessage()).lines().findFirst().orElse("");
    var location = broken.getLocation();
    String where =
        location == null || location.getLineNr() < 0
            ? ""
            : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    return new FormatException(place.source(), place.field(), message + where, broken);
  }
}
