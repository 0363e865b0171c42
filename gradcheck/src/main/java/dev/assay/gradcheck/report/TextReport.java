package dev.assay.gradcheck.report;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.FailureText;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A verdict for people: what failed and how, the table, the gates, the totals. */
final class TextReport {
  /** Tensors whose failures are told in full for each implementation; the others have a line. */
  private static final int IN_FULL = 5;

  private static final Set<Status> FAILED = Set.of(Status.FAILED, Status.KNOWN, Status.MALFORMED);

  private final RunVerdict verdict;
  private final List<String> lines = new ArrayList<>();

  private TextReport(RunVerdict verdict) {
    this.verdict = verdict;
  }

  static String of(RunVerdict verdict) {
    return new TextReport(verdict).write();
  }

  private String write() {
    verdict.subjects().forEach(this::failures);
    families();
    verdict.subjects().forEach(this::subject);
    verdict.notes().forEach(note -> lines.add("note: " + note));
    verdict.absent().forEach(sentence -> lines.add("absent: " + sentence));
    totals();
    return String.join("\n", lines) + "\n";
  }

  private void failures(SubjectVerdict subject) {
    int told = 0;
    for (CaseVerdict one : subject.cases()) {
      if (one.status() == Status.KNOWN) {
        lines.add(
            "%s: %s: known: %s".formatted(subject.subject(), one.golden().name(), one.reason()));
        continue;
      }
      if (one.status() == Status.MALFORMED
          || (one.status() == Status.FAILED && !one.reason().isEmpty())) {
        lines.add("%s: %s: %s".formatted(subject.subject(), one.golden().name(), one.reason()));
        lines.add("  repeat: " + one.replay());
      }
      for (TensorVerdict tensor : one.tensors()) {
        if (tensor.passes()) {
          continue;
        }
        if (told++ < IN_FULL) {
          lines.add(subject.subject() + " in " + subject.precision().id() + ":");
          lines.addAll(FailureText.lines(one, tensor));
          lines.add("");
        } else {
          lines.add(subject.subject() + ": " + FailureText.summary(one, tensor));
          lines.add("  repeat: " + one.replay());
        }
      }
    }
  }

  /** Passed, failed and not supported, by family and implementation. */
  private void families() {
    if (verdict.subjects().isEmpty()) {
      return;
    }
    Table table = new Table();
    List<String> head = new ArrayList<>(List.of("family", "cases"));
    Set<String> families = new LinkedHashSet<>();
    for (SubjectVerdict subject : verdict.subjects()) {
      head.add(verdict.subjects().size() == 1 ? "passed/failed/other" : subject.subject());
      subject.cases().forEach(one -> families.add(one.golden().family()));
    }
    table.row(head);
    for (String family : families) {
      List<String> row = new ArrayList<>(List.of(family, ""));
      for (SubjectVerdict subject : verdict.subjects()) {
        List<CaseVerdict> own =
            subject.cases().stream().filter(c -> c.golden().family().equals(family)).toList();
        row.set(1, Integer.toString(Math.max(own.size(), number(row.get(1)))));
        row.add(own.isEmpty() ? "-" : cell(own));
      }
      table.row(row);
    }
    lines.add("passed/failed (known or not)/not supported or not attempted, by family");
    lines.addAll(table.lines());
    lines.add("");
  }

  private static int number(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static String cell(List<CaseVerdict> cases) {
    long passed = cases.stream().filter(one -> one.status() == Status.PASSED).count();
    long failed = cases.stream().filter(one -> FAILED.contains(one.status())).count();
    return "%d/%d/%d".formatted(passed, failed, cases.size() - passed - failed);
  }

  private void subject(SubjectVerdict subject) {
    long known = subject.count(Status.KNOWN);
    lines.add(
        "%s (%s%s): %d passed, %d failed%s, %d malformed, %d not supported, %d not attempted"
            .formatted(
                subject.subject(),
                subject.precision().id(),
                subject.description().isEmpty() ? "" : "; " + subject.description(),
                subject.count(Status.PASSED),
                subject.count(Status.FAILED),
                known == 0 ? "" : ", " + known + " failed as known",
                subject.count(Status.MALFORMED),
                subject.count(Status.NOT_SUPPORTED),
                subject.count(Status.NOT_ATTEMPTED)));
    reasons(subject).forEach((reason, count) -> lines.add("  %4d %s".formatted(count, reason)));
    lines.add(
        String.format(
            Locale.ROOT,
            "  G1 %d tensors, %d elements, largest error/bound %.3f%s",
            subject.tensors(),
            subject.elements(),
            subject.tightness(),
            unbounded(subject)));
    for (GateLine line : subject.gates()) {
      lines.add("  %s %-12s %s  %s".formatted(line.gate(), line.tensor(), word(line), line.text()));
    }
    lines.add("");
  }

  private static String unbounded(SubjectVerdict subject) {
    long count =
        subject.cases().stream()
            .flatMap(one -> one.tensors().stream())
            .mapToLong(TensorVerdict::unbounded)
            .sum();
    return count == 0 ? "" : ", of " + count + " elements nothing can be asked";
  }

  private static String word(GateLine line) {
    return switch (line.outcome()) {
      case PASS -> "pass      ";
      case FAIL -> "FAIL      ";
      case WARNING -> "WARNING   ";
      case NOT_ENOUGH -> "not enough";
    };
  }

  /** Why cases, or tensors of cases, were not judged, with how often. */
  private static Map<String, Integer> reasons(SubjectVerdict subject) {
    Map<String, Integer> reasons = new TreeMap<>();
    for (CaseVerdict one : subject.cases()) {
      if (one.status() == Status.NOT_SUPPORTED) {
        reasons.merge("cases not supported: " + one.reason(), 1, Integer::sum);
      }
      one.unsupported()
          .forEach(
              (tensor, why) -> {
                String what = tensor.equals("lse") ? "lse" : "gradient";
                reasons.merge(what + " tensors: " + why, 1, Integer::sum);
              });
    }
    return reasons;
  }

  private void totals() {
    LongSummaryStatistics cases =
        verdict.subjects().stream().mapToLong(one -> one.cases().size()).summaryStatistics();
    boolean together = cases.getCount() > 1 && cases.getMin() == cases.getMax();
    long tensors = verdict.subjects().stream().mapToLong(SubjectVerdict::tensors).sum();
    long elements = verdict.subjects().stream().mapToLong(SubjectVerdict::elements).sum();
    String counted =
        together
            ? "%d cases x %d engines".formatted(cases.getMax(), cases.getCount())
            : cases.getSum() + " cases";
    String word =
        verdict.malformed()
            ? "MALFORMED"
            : verdict.failed() ? "FAILED" : verdict.nothingRun() ? "NOTHING RUN" : "passed";
    lines.add(
        "%s: %s, %d tensors, %d elements: %s"
            .formatted(verdict.suite(), counted, tensors, elements, word));
  }
}
