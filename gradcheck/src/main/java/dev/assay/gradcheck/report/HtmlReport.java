package dev.assay.gradcheck.report;

import dev.assay.gradcheck.verdict.RunVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A verdict as one page that needs nothing beside it: the document of {@link JsonReport} within
 * {@code report.html}, with {@code report.css} and {@code report.js}, which draws it.
 */
final class HtmlReport {
  private HtmlReport() {}

  static String of(RunVerdict verdict) {
    return resource("report.html")
        .replace("{{style}}", resource("report.css"))
        .replace("{{script}}", resource("report.js"))
        // Last, for names in the data may look like marks of the page.
        .replace("{{data}}", inScript(JsonReport.of(verdict).strip()));
  }

  /** A script ends at the first {@code </}, wherever that is; in JSON the slash may be escaped. */
  private static String inScript(String json) {
    return json.replace("</", "<\\/").replace("<!--", "<\\u0021--");
  }

  private static String resource(String name) {
    try (InputStream text =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("the page's " + name + " could not be read", broken);
    }
  }
}
