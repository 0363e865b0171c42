package dev.assay.gradcheck.conformance;

import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code results.json} beside results, which nobody has to write: the class of all files, and which
 * cases were refused or are not supported. It is read as {@code schema/result.schema.json} says,
 * and besides only names of the suite's cases are taken: a slip in a name or in a status would
 * otherwise pass for 'not attempted'.
 *
 * @param precision id of the class
 * @param impl who made the results
 * @param version its version, or null
 * @param device where it ran, or null
 * @param cases what became of each case that was looked at
 */
record ResultIndex(
    String precision,
    String impl,
    @Nullable String version,
    @Nullable String device,
    Map<String, Entry> cases) {
  static final String SCHEMA = "assay-result-1";
  static final String FILE = "results.json";

  private static final List<String> STATUSES = List.of("done", "refused", "unsupported");

  /**
   * One case.
   *
   * @param status done, refused or unsupported
   * @param reason why, or null
   */
  record Entry(String status, @Nullable String reason) {
    private static Entry of(JsonObject fields) throws FormatException {
      fields.only("status", "reason");
      return new Entry(fields.oneOf("status", STATUSES), fields.optional("reason"));
    }
  }

  /**
   * The index of a folder, or null if there is none.
   *
   * @throws FormatException that names the field and the rule, if one is broken
   */
  static @Nullable ResultIndex of(Path folder, Suite suite) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    JsonObject fields = JsonObject.of(file.toString(), Json.read(file));
    fields.only("schema", "suite", "class", "impl", "impl_version", "device", "cases");
    fields.oneOf("schema", List.of(SCHEMA));
    fields.oneOf("suite", List.of(suite.id()));
    List<String> classes = Arrays.stream(PrecisionClass.values()).map(PrecisionClass::id).toList();
    Map<String, Entry> cases = new LinkedHashMap<>();
    JsonObject listed = fields.object("cases");
    for (String name : listed.keys()) {
      if (suite.judged().stream().noneMatch(one -> one.name().equals(name))) {
        throw listed.fault(name, "is no case of the suite " + suite.id());
      }
      cases.put(name, Entry.of(listed.object(name)));
    }
    return new ResultIndex(
        fields.oneOf("class", classes),
        fields.text("impl"),
        fields.optional("impl_version"),
        fields.optional("device"),
        cases);
  }
}
