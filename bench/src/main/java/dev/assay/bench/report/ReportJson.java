package dev.assay.bench.report;

import dev.assay.check.Require;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports as JSON, there and back: names in snake case, numbers as they were measured. */
public final class ReportJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ReportJson() {}

  /** Any of the records of this package, as text that ends with a line break. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value) + "\n";
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is not a report
   */
  public static Report read(String json) {
    try {
      Report report = MAPPER.readValue(json, Report.class);
      Require.argument(
          report != null && report.machine() != null && report.settings() != null,
          "the JSON holds no report: command, machine, settings, rows and points are needed");
      return report;
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException(
          "not a report of the headline suite: " + malformed.getOriginalMessage(), malformed);
    }
  }

  /** Reads another record. */
  public static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }
}
