package dev.assay.gradcheck.report;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.FailureText;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.util.ArrayList;
import java.util.List;

/**
 * A verdict as commands of GitHub's workflows: at most ten {@code ::error} lines, then the text for
 * people in a group of its own.
 */
final class GithubReport {
  /** GitHub shows no more for a step. */
  private static final int MOST = 10;

  private GithubReport() {}

  static String of(RunVerdict verdict) {
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (SubjectVerdict subject : verdict.subjects()) {
      for (CaseVerdict one : subject.cases()) {
        add(subject, one, errors);
      }
      for (GateLine line : subject.gates()) {
        String text =
            subject.subject() + " " + line.gate() + " " + line.tensor() + ": " + line.text();
        if (line.outcome() == Outcome.FAIL) {
          errors.add(command("error", "bias", text));
        } else if (line.outcome() == Outcome.WARNING) {
          warnings.add(command("warning", "error size", text));
        }
      }
    }
    verdict.absent().forEach(sentence -> errors.add(command("error", "absent", sentence)));
    List<String> lines = new ArrayList<>(errors.subList(0, Math.min(MOST, errors.size())));
    if (errors.size() > MOST) {
      lines.add("and %d errors more".formatted(errors.size() - MOST));
    }
    lines.addAll(warnings.subList(0, Math.min(MOST, warnings.size())));
    lines.add("::group::assay");
    lines.add(TextReport.of(verdict).stripTrailing());
    lines.add("::endgroup::");
    return String.join("\n", lines) + "\n";
  }

  private static void add(SubjectVerdict subject, CaseVerdict one, List<String> errors) {
    boolean bad = one.status() == Status.FAILED || one.status() == Status.MALFORMED;
    if (bad && !one.reason().isEmpty()) {
      String text = one.golden().name() + ": " + one.reason() + "\nrepeat: " + one.replay();
      errors.add(command("error", subject.subject(), text));
    }
    for (TensorVerdict tensor : one.tensors()) {
      if (!tensor.passes()) {
        String text = FailureText.summary(one, tensor) + "\nrepeat: " + one.replay();
        errors.add(command("error", subject.subject(), text));
      }
    }
  }

  /** A workflow command; its text is escaped as GitHub's toolkit does it. */
  private static String command(String kind, String title, String text) {
    String safeTitle = escaped(title).replace(":", "%3A").replace(",", "%2C");
    return "::" + kind + " title=assay " + safeTitle + "::" + escaped(text);
  }

  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }
}
