package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file may say null where a record promises something. */
class NoNullsTest {
  /** A document with room for null in every kind of place. */
  private record Document(
      String name, @Nullable String note, List<Part> parts, Map<String, List<String>> texts) {}

  private record Part(String name, @Nullable Part inner) {}

  @TempDir private Path folder = Path.of("");

  private Document read(String name, String note, String parts, String texts) throws IOException {
    String text =
        "{\"name\": %s, \"note\": %s, \"parts\": %s, \"texts\": %s}"
            .formatted(name, note, parts, texts);
    return Json.read(Files.writeString(folder.resolve("a.json"), text), Document.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        "name; null; null; []; {}",
        "parts; \"a\"; null; null; {}",
        "parts[1]; \"a\"; null; [{\"name\": \"b\", \"inner\": null}, null]; {}",
        "parts[0].name; \"a\"; null; [{\"name\": null, \"inner\": null}]; {}",
        "parts[0].inner.name; \"a\"; null; [{\"name\": \"b\", \"inner\": {\"name\": null, \"inner\": null}}]; {}",
        "texts; \"a\"; \"b\"; []; null",
        "texts.t; \"a\"; \"b\"; []; {\"t\": null}",
        "texts.t[2]; \"a\"; \"b\"; []; {\"s\": [], \"t\": [\"u\", \"v\", null]}",
      })
  void null_is_refused_where_something_must_be(
      String place, String name, String note, String parts, String texts) {
    FormatException refused =
        assertThrows(FormatException.class, () -> read(name, note, parts, texts));
    assertEquals(
        folder.resolve("a.json") + ": " + place + ": is null: it must be there",
        refused.getMessage());
  }

  @Test
  void null_is_taken_where_a_record_allows_it() throws IOException {
    Document expected =
        new Document("a", null, List.of(new Part("b", null)), Map.of("t", List.of("u")));
    assertEquals(
        expected,
        read("\"a\"", "null", "[{\"name\": \"b\", \"inner\": null}]", "{\"t\": [\"u\"]}"));
  }

  @Test
  void a_document_that_is_null_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "null");
    FormatException refused =
        assertThrows(FormatException.class, () -> Json.read(file, Document.class));
    assertEquals(file + ": JSON: is null: it must be there", refused.getMessage());
  }
}
