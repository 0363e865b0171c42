package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  /** A document of the tests. */
  record Document(String name, List<Double> numbers, int count) {}

  @TempDir private Path folder = Path.of("");

  @Test
  void a_record_comes_back() throws IOException {
    Path file = folder.resolve("a.json");
    Document document = new Document("q \"\u20ac\"", List.of(-0.0, 1.0 / 3, Double.MIN_VALUE), 7);
    Json.write(file, document);
    assertEquals(document, Json.read(file, Document.class));
    assertTrue(Files.readString(file).endsWith("}\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "nonsense",
        "{\"name\": \"a\", \"numbers\": [], \"count\": 1} {}",
        "{\"name\": \"a\", \"name\": \"b\", \"numbers\": [], \"count\": 1}",
        "{\"name\": \"a\", \"numbers\": [], \"count\": 1, \"more\": 2}",
        "{\"name\": \"a\", \"numbers\": []}",
        "{\"name\": \"a\", \"numbers\": [], \"count\": null}",
        "{\"name\": \"a\", \"numbers\": [NaN], \"count\": 1}",
        "[]",
      })
  void what_is_not_exactly_the_document_is_refused_in_one_line(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), text);
    FormatException refused =
        assertThrows(FormatException.class, () -> Json.read(file, Document.class));
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.startsWith(file + ": JSON: "), sentence);
    assertEquals(1, sentence.lines().count(), sentence);
  }

  @Test
  void depth_and_length_of_numbers_are_bounded() throws IOException {
    Path deep = Files.writeString(folder.resolve("a.json"), "[".repeat(100_000));
    assertThrows(FormatException.class, () -> Json.read(deep));
    Path endless = Files.writeString(folder.resolve("b.json"), "9".repeat(100_000));
    assertThrows(FormatException.class, () -> Json.read(endless));
  }
}
