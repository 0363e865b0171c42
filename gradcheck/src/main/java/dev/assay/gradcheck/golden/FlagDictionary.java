package dev.assay.gradcheck.golden;

import dev.assay.file.Json;
import dev.assay.gradcheck.suite.SuiteDocument.Note;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.SequencedMap;
import tools.jackson.core.type.TypeReference;

/** The dictionary of flags, written by hand in {@code flags.json}. */
final class FlagDictionary {
  private static final String RESOURCE = "flags.json";

  private FlagDictionary() {}

  /** All flags by name. */
  static SequencedMap<String, Note> read() {
    try (InputStream text =
        Objects.requireNonNull(FlagDictionary.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return Json.mapper().readValue(text, new TypeReference<>() {});
    } catch (IOException unreadable) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
    }
  }
}
