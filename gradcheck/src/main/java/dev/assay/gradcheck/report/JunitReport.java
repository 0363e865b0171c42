package dev.assay.gradcheck.report;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.FailureText;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A verdict in the XML that JUnit made common: a suite for each implementation, a test case for
 * each tensor of each case (class name: family and case), skipped if it is not supported, was not
 * attempted, or fails as known.
 */
final class JunitReport {
  /** One test case; kind is empty for a pass. */
  private record Entry(String where, String name, String kind, String message, String text) {}

  private JunitReport() {}

  static String of(RunVerdict verdict) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      line(xml);
      xml.writeStartElement("testsuites");
      for (SubjectVerdict subject : verdict.subjects()) {
        suite(xml, subject);
      }
      if (!verdict.absent().isEmpty()) {
        List<Entry> absent = new ArrayList<>();
        verdict
            .absent()
            .forEach(
                sentence -> absent.add(new Entry("required", sentence, "error", sentence, "")));
        suite(xml, "required", absent);
      }
      line(xml);
      xml.writeEndElement();
      line(xml);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return text.toString();
  }

  private static void suite(XMLStreamWriter xml, SubjectVerdict subject) throws XMLStreamException {
    List<Entry> entries = new ArrayList<>();
    for (CaseVerdict one : subject.cases()) {
      String where = one.golden().name().replace('/', '.');
      boolean known = one.status() == Status.KNOWN;
      boolean wrong = one.tensors().stream().anyMatch(tensor -> !tensor.passes());
      boolean whole = one.status() == Status.FAILED && !one.reason().isEmpty();
      if (one.tensors().isEmpty() || whole || (known && !wrong)) {
        String text = one.reason() + "\nrepeat: " + one.replay();
        entries.add(new Entry(where, "case", kind(one.status()), one.reason(), text));
      }
      for (TensorVerdict tensor : one.tensors()) {
        String why = known ? "known: " + one.reason() + "; " : "";
        String summary = tensor.passes() ? "" : why + FailureText.summary(one, tensor);
        String text = String.join("\n", FailureText.lines(one, tensor));
        String kind = tensor.passes() ? "" : known ? "skipped" : "failure";
        entries.add(new Entry(where, tensor.tensor(), kind, summary, text));
      }
      one.unsupported()
          .forEach((tensor, why) -> entries.add(new Entry(where, tensor, "skipped", why, "")));
    }
    for (GateLine line : subject.gates()) {
      String kind =
          line.outcome() == Outcome.FAIL
              ? "failure"
              : line.outcome() == Outcome.NOT_ENOUGH ? "skipped" : "";
      entries.add(new Entry("gates." + line.gate(), line.tensor(), kind, line.text(), line.text()));
    }
    suite(xml, subject.subject() + " " + subject.precision().id(), entries);
  }

  private static String kind(Status status) {
    return switch (status) {
      case PASSED -> "";
      case FAILED -> "failure";
      case MALFORMED -> "error";
      case NOT_SUPPORTED, NOT_ATTEMPTED, KNOWN -> "skipped";
    };
  }

  private static void suite(XMLStreamWriter xml, String name, List<Entry> entries)
      throws XMLStreamException {
    line(xml);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", name);
    xml.writeAttribute("tests", Integer.toString(entries.size()));
    xml.writeAttribute("failures", count(entries, "failure"));
    xml.writeAttribute("errors", count(entries, "error"));
    xml.writeAttribute("skipped", count(entries, "skipped"));
    for (Entry entry : entries) {
      line(xml);
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", entry.where);
      xml.writeAttribute("name", entry.name);
      if (!entry.kind.isEmpty()) {
        xml.writeStartElement(entry.kind);
        xml.writeAttribute("message", printable(entry.message));
        xml.writeCharacters(entry.kind.equals("skipped") ? "" : printable(entry.text));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    line(xml);
    xml.writeEndElement();
  }

  /** XML has no way to hold most control characters, and an engine's message may hold any. */
  private static String printable(String text) {
    return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
  }

  private static String count(List<Entry> entries, String kind) {
    return Long.toString(entries.stream().filter(entry -> entry.kind.equals(kind)).count());
  }

  private static void line(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeCharacters("\n");
  }
}
