package dev.assay.gradcheck.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code results.json} beside results, which nobody has to write: the class of all files, and which
 * cases were refused or are not supported.
 *
 * @param schema always {@link #SCHEMA}
 * @param suite id of the suite
 * @param precision id of the class
 * @param impl who made the results
 * @param version its version, or null
 * @param device where it ran, or null
 * @param cases what became of each case that was looked at
 */
record ResultIndex(
    String schema,
    String suite,
    @JsonProperty("class") String precision,
    String impl,
    @JsonProperty("impl_version") @Nullable String version,
    @Nullable String device,
    Map<String, Entry> cases) {
  static final String SCHEMA = "assay-result-1";
  static final String FILE = "results.json";

  /**
   * One case.
   *
   * @param status done, refused or unsupported
   * @param reason why, or null
   */
  record Entry(String status, @Nullable String reason) {}

  /** The index of a folder, or null if there is none. */
  static @Nullable ResultIndex of(Path folder, String suite) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    ResultIndex index = Json.read(file, ResultIndex.class);
    if (!index.schema.equals(SCHEMA)) {
      throw fault(file, "schema", "is '" + index.schema + "': it must be " + SCHEMA);
    }
    if (!index.suite.equals(suite)) {
      throw fault(file, "suite", "is '" + index.suite + "', but the suite here is " + suite);
    }
    return index;
  }

  private static FormatException fault(Path file, String field, String rule) {
    return new FormatException(file.toString(), field, rule);
  }
}
