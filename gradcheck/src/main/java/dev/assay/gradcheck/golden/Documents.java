package dev.assay.gradcheck.golden;

import dev.assay.file.AtomicFile;
import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.DefaultPrettyPrinter.Indenter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;

/**
 * Writes JSON documents the same way on every machine, with what lies deep in them on one line, so
 * that a tensor's description is a line.
 */
final class Documents {
  private static final int DEEP = 2;

  private static final ObjectWriter WRITER =
      Json.mapper()
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      new Separators()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(new Lines())
                  .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter()));

  private Documents() {}

  /** Breaks lines near the root only. */
  private static final class Lines implements Indenter {
    @Override
    public void writeIndentation(JsonGenerator json, int level) {
      json.writeRaw(level <= DEEP ? "\n" + "  ".repeat(level) : "");
    }

    @Override
    public boolean isInline() {
      return false;
    }
  }

  /** Writes a document, atomically. */
  static void write(Path file, Object document) throws IOException {
    AtomicFile.write(file, WRITER.writeValueAsString(document) + "\n");
  }
}
