package dev.assay.gradcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.engine.ScalarEngine;
import dev.assay.file.Json;
import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.conformance.Check;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The same verdicts in every format: one that passes, and one with a dozen failures of all kinds.
 */
class FormatTest {
  private static RunVerdict passing() throws IOException {
    Suite suite = Suite.load();
    return new Check(
            suite,
            new CaseFilter("heads/*").of(suite),
            List.of(new ScalarEngine()),
            List.of(),
            null,
            new Replay("./assay", List.of("check")))
        .run(Progress.NONE);
  }

  @Test
  void json_is_as_its_schema_says() throws IOException {
    try (InputStream text =
        Objects.requireNonNull(JsonReport.class.getResourceAsStream("report.schema.json"))) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
      for (RunVerdict verdict : List.of(passing(), Verdicts.failing())) {
        assertEquals(List.of(), schema.validate(Format.JSON.write(verdict), InputFormat.JSON));
      }
    }
  }

  private static Document junit(RunVerdict verdict) throws Exception {
    byte[] xml = Format.JUNIT.write(verdict).getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml));
  }

  @Test
  void junit_has_a_test_case_for_each_tensor_of_each_case() throws Exception {
    RunVerdict verdict = passing();
    long gates = verdict.subjects().getFirst().gates().size();
    long tensors = verdict.subjects().getFirst().tensors();
    assertEquals(tensors + gates, junit(verdict).getElementsByTagName("testcase").getLength());
  }

  @Test
  void junit_tells_failures_errors_and_skips_apart() throws Exception {
    RunVerdict verdict = Verdicts.failing();
    int cases = verdict.subjects().getFirst().cases().size() / 3;
    Document document = junit(verdict);
    assertEquals(cases, document.getElementsByTagName("failure").getLength());
    // And the engine that is required and absent.
    assertEquals(cases + 1, document.getElementsByTagName("error").getLength());
    assertEquals(2 * cases, document.getElementsByTagName("skipped").getLength());
  }

  @Test
  void known_failures_are_skipped_with_their_reason_in_junit() throws Exception {
    NodeList skipped = junit(Verdicts.known()).getElementsByTagName("skipped");
    List<String> messages =
        IntStream.range(0, skipped.getLength())
            .mapToObj(at -> ((Element) skipped.item(at)).getAttribute("message"))
            .toList();
    assertEquals(4, messages.size(), "with the two without an LSE: " + messages);
    for (String reason : List.of("known: odd rounding", "twins differ")) {
      assertTrue(messages.stream().anyMatch(one -> one.contains(reason)), messages.toString());
    }
  }

  @Test
  void known_failures_count_as_failed_in_the_table_of_families() throws IOException {
    String text = Format.TEXT.write(Verdicts.known());
    assertTrue(text.lines().anyMatch(line -> line.matches("heads +2 +0/2/0 *")), text);
  }

  @Test
  void github_shows_ten_errors_and_counts_the_rest() throws IOException {
    String text = Format.GITHUB.write(Verdicts.failing());
    assertEquals(10, text.lines().filter(line -> line.startsWith("::error ")).count());
    assertTrue(text.contains("errors more"), text);
    assertTrue(text.contains("100 %25"), text);
  }

  @Test
  void every_failure_in_the_text_comes_with_the_command_that_repeats_it() throws IOException {
    RunVerdict verdict = Verdicts.failing();
    String text = Format.TEXT.write(verdict);
    long failures =
        verdict.subjects().getFirst().cases().stream()
            .filter(one -> one.status() != Status.NOT_ATTEMPTED)
            .count();
    assertEquals(failures, text.lines().filter(line -> line.contains("repeat: ")).count());
  }

  @Test
  void the_text_has_place_numbers_and_pictures_of_a_failure() throws IOException {
    String text = Format.TEXT.write(Verdicts.failing());
    for (String part :
        List.of(
            "first at (b 0, h 0, q 0, channel 0)",
            "golden ",
            "0x",
            "ulps of F32",
            "worst:",
            "failures by q block of 16",
            "by powers of 2")) {
      assertTrue(text.contains(part), () -> part + " is not in\n" + text);
    }
  }

  @Test
  void the_page_holds_the_same_document_as_json_and_asks_for_nothing_else() throws IOException {
    RunVerdict verdict = Verdicts.failing();
    String page = Format.HTML.write(verdict);
    String begin = "<script type=\"application/json\" id=\"data\">";
    int from = page.indexOf(begin) + begin.length();
    String data = page.substring(from, page.indexOf("</script>", from));
    assertEquals(Json.mapper().readTree(Format.JSON.write(verdict)), Json.mapper().readTree(data));
    assertFalse(page.matches("(?s).*(src|href)=\"(?!#).*"), "the page asks for another file");
    assertFalse(page.contains("{{"), "a mark of the page was left open");
  }
}
