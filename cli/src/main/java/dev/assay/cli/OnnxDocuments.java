package dev.assay.cli;

import dev.assay.gradcheck.onnx.Outcome;
import dev.assay.gradcheck.onnx.Verdict;
import java.io.StringWriter;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The verdict on node tests for programs. */
final class OnnxDocuments {
  private OnnxDocuments() {}

  static String json(Verdict verdict) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("passed", verdict.passed());
    root.put("failed", verdict.failed());
    root.put("not_supported", verdict.notSupported());
    root.put("malformed", verdict.malformed());
    ArrayNode tests = root.putArray("tests");
    for (Outcome outcome : verdict.outcomes()) {
      ObjectNode test = tests.addObject();
      test.put("name", outcome.test());
      test.put("outcome", word(outcome));
      String detail = detail(outcome);
      if (!detail.isEmpty()) {
        test.put("detail", detail);
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  static String junit(Verdict verdict) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "onnx");
      xml.writeAttribute("tests", Integer.toString(verdict.outcomes().size()));
      xml.writeAttribute("failures", Long.toString(verdict.failed()));
      xml.writeAttribute("errors", Long.toString(verdict.malformed()));
      xml.writeAttribute("skipped", Long.toString(verdict.notSupported()));
      for (Outcome outcome : verdict.outcomes()) {
        testCase(xml, outcome);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException broken) {
      throw new IllegalStateException("a string could not be written to", broken);
    }
    return text.toString();
  }

  private static void testCase(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("name", printable(outcome.test()));
    if (!(outcome instanceof Outcome.Passed)) {
      xml.writeEmptyElement(
          switch (outcome) {
            case Outcome.NotSupported _ -> "skipped";
            case Outcome.Malformed _ -> "error";
            default -> "failure";
          });
      xml.writeAttribute("message", printable(detail(outcome)));
    }
    xml.writeEndElement();
  }

  /** XML 1.0 has no control characters, but the names in a file may. */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\uD7FF]", "?");
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed _ -> "passed";
      case Outcome.Failed _ -> "failed";
      case Outcome.NotSupported _ -> "not supported";
      case Outcome.Malformed _ -> "malformed";
    };
  }

  private static String detail(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed _ -> "";
      case Outcome.Failed failed ->
          failed.differences().stream()
              .map(d -> d.output() + ": " + d.sentence())
              .collect(Collectors.joining("; "));
      case Outcome.NotSupported beyond -> beyond.operator() + ": " + beyond.reason();
      case Outcome.Malformed malformed -> malformed.sentence();
    };
  }
}
