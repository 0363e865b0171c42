package dev.assay.cli;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.FailureText;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.TensorVerdict;
import dev.assay.gradcheck.verdict.VerdictDiff;
import dev.assay.gradcheck.verdict.VerdictDiff.Change;
import dev.assay.gradcheck.verdict.VerdictDiff.Growth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A difference of verdicts as lines, and as a document. */
final class DiffText {
  private static final int MOST = 20;

  private DiffText() {}

  /** For people: at most 20 of each kind. */
  static List<String> lines(VerdictDiff diff, List<GateLine> gates) {
    List<String> lines = new ArrayList<>();
    lines.add(counts(diff, gates));
    gates.forEach(
        line ->
            lines.add("worse: %s %s fails: %s".formatted(line.gate(), line.tensor(), line.text())));
    add(lines, "worse", diff.worse());
    add(lines, "better", diff.better());
    add(lines, "otherwise changed", diff.other());
    if (!diff.grown().isEmpty()) {
      lines.add(
          "grown by more than %.0f times, within their bounds:".formatted(VerdictDiff.GROWTH));
      diff.grown().stream().limit(MOST).forEach(it -> lines.add("  " + line(it)));
      rest(lines, diff.grown().size());
    }
    return lines;
  }

  /** How many of each kind, in a line. */
  static String counts(VerdictDiff diff, List<GateLine> gates) {
    String failing = gates.isEmpty() ? "" : "; %d gates fail anew".formatted(gates.size());
    return "%d worse, %d better, %d otherwise changed, %d as before; the error of %d tensors grew%s"
        .formatted(
            diff.worse().size(),
            diff.better().size(),
            diff.other().size(),
            diff.same(),
            diff.grown().size(),
            failing);
  }

  private static void add(List<String> lines, String title, List<Change> changes) {
    if (!changes.isEmpty()) {
      lines.add(title + ":");
      changes.stream().limit(MOST).forEach(change -> lines.addAll(lines(change)));
      rest(lines, changes.size());
    }
  }

  private static void rest(List<String> lines, int all) {
    if (all > MOST) {
      lines.add("  and %d more".formatted(all - MOST));
    }
  }

  private static List<String> lines(Change change) {
    CaseVerdict after = change.after();
    List<String> lines = new ArrayList<>();
    String reason = after.reason().isEmpty() ? "" : ": " + after.reason();
    lines.add(
        "  %s (%s): %s -> %s%s"
            .formatted(
                after.golden().name(),
                change.precision(),
                word(change.before().status()),
                word(after.status()),
                reason));
    after.tensors().stream()
        .filter(tensor -> !tensor.passes())
        .forEach(tensor -> lines.add("    " + FailureText.summary(after, tensor)));
    if (after.status() == Status.FAILED) {
      lines.add("    repeat: " + after.replay());
    }
    return lines;
  }

  private static String line(Growth growth) {
    return String.format(
        Locale.ROOT,
        "%s (%s), %s: error/bound %.3g -> %.3g",
        growth.name(),
        growth.precision(),
        growth.tensor(),
        growth.before(),
        growth.after());
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** For programs. */
  static Map<String, Object> document(VerdictDiff diff, List<GateLine> gates) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("same", diff.same());
    document.put("worse", diff.worse().stream().map(DiffText::document).toList());
    document.put("better", diff.better().stream().map(DiffText::document).toList());
    document.put("other", diff.other().stream().map(DiffText::document).toList());
    document.put("grown", diff.grown());
    document.put("gates", gates);
    return document;
  }

  private static Map<String, Object> document(Change change) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("class", change.precision());
    document.put("name", change.after().golden().name());
    document.put("before", change.before().status());
    document.put("after", change.after().status());
    document.put("reason", change.after().reason());
    document.put(
        "failing",
        change.after().tensors().stream()
            .filter(tensor -> !tensor.passes())
            .map(TensorVerdict::tensor)
            .toList());
    return document;
  }
}
