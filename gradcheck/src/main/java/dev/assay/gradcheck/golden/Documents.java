package dev.assay.gradcheck.golden;

import dev.assay.file.AtomicFile;
import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;

/** Writes JSON documents the same way on every machine. */
public final class Documents {
  private Documents() {}

  /** Writes a document, atomically. */
  static void write(Path file, Object document) throws IOException {
    AtomicFile.write(file, text(document));
  }

  /** A document as text: what lies deeper than two levels is one line. */
  public static String text(Object document) {
    return Json.mapper().writer().with(new Lines()).writeValueAsString(document) + "\n";
  }

  /** Breaks lines near the root only, so that a tensor's description is one line. */
  private static final class Lines extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1L;
    private static final int DEEP = 2;

    Lines() {
      super(
          new Separators()
              .withObjectNameValueSpacing(Spacing.AFTER)
              .withArrayElementSpacing(Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));
      indentObjectsWith(new Breaks());
      indentArraysWith(new NopIndenter());
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new Lines();
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) {
      if (_nesting > DEEP) {
        json.writeRaw(", ");
      } else {
        super.writeObjectEntrySeparator(json);
      }
    }

    @Override
    public void writeEndObject(JsonGenerator json, int entries) {
      if (_nesting > DEEP) {
        _nesting--;
        json.writeRaw('}');
      } else {
        super.writeEndObject(json, entries);
      }
    }
  }

  private static final class Breaks implements DefaultPrettyPrinter.Indenter {
    @Override
    public void writeIndentation(JsonGenerator json, int level) {
      json.writeRaw(level <= Lines.DEEP ? "\n" + "  ".repeat(level) : "");
    }

    @Override
    public boolean isInline() {
      return false;
    }
  }
}
