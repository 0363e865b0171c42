package dev.assay.gradcheck.conformance;

import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Failures that are known, from a file: they are counted apart and do not fail a run, until the day
 * on which each expires.
 *
 * <pre>
 * { "schema": "assay-known-1",
 *   "failures": [
 *     { "case": "dense/square", "tensor": "dq", "reason": "delta in bf16", "link": "https://...",
 *       "expires": "2027-03-31" },
 *     { "gate": "G2", "tensor": "out", "reason": "truncation", "expires": "2027-03-31" } ] }
 * </pre>
 *
 * <p>Without a tensor an entry is for the whole case. {@code impl} may name one of several
 * subjects: the folder as the report calls it.
 *
 * @param entries in the order of the file
 */
public record KnownFailures(List<Entry> entries) {
  private static final String SCHEMA = "assay-known-1";

  /**
   * One of them.
   *
   * @param name of the case, or null for a gate
   * @param gate G2 or G3, or null for a case
   * @param tensor out, lse, dq ..., or null for all of a case
   * @param reason why it is known, in words
   * @param link where more is said, or null
   * @param expires the last day on which it is known
   * @param impl the subject, or null for all
   */
  public record Entry(
      @Nullable String name,
      @Nullable String gate,
      @Nullable String tensor,
      String reason,
      @Nullable String link,
      LocalDate expires,
      @Nullable String impl) {
    private boolean of(SubjectVerdict subject) {
      return impl == null || impl.equals(subject.subject());
    }

    private String words() {
      return reason + (link == null ? "" : " (" + link + ")") + ", known until " + expires;
    }

    private String place() {
      String what = name == null ? "gate " + gate : name;
      return tensor == null ? what : what + " " + tensor;
    }
  }

  /**
   * Reads a list.
   *
   * @throws FormatException that names the field and the rule, if one is broken
   */
  public static KnownFailures of(Path file, Suite suite) throws IOException {
    JsonObject all = JsonObject.of(file.toString(), Json.read(file));
    all.only("schema", "failures");
    all.oneOf("schema", List.of(SCHEMA));
    List<Entry> entries = new ArrayList<>();
    for (JsonObject one : all.objects("failures")) {
      entries.add(entry(one, suite));
    }
    return new KnownFailures(entries);
  }

  private static Entry entry(JsonObject one, Suite suite) throws FormatException {
    one.only("case", "gate", "tensor", "reason", "link", "expires", "impl");
    String name = one.optional("case");
    String gate = one.optional("gate");
    if ((name == null) == (gate == null)) {
      throw one.fault("case", "an entry is of a case or of a gate: give one of the two");
    }
    List<GoldenCase> about =
        suite.judged().stream()
            .filter(golden -> name == null || golden.name().equals(name))
            .toList();
    if (about.isEmpty()) {
      throw one.fault("case", "is '" + name + "', which is no case of the suite " + suite.id());
    }
    String tensor = gate == null ? one.optional("tensor") : one.text("tensor");
    if (gate != null) {
      one.oneOf("gate", List.of("G2", "G3"));
    }
    if (tensor != null && about.stream().noneMatch(g -> g.expect().containsKey(tensor))) {
      String whose = name == null ? "no case of the suite expects" : name + " does not expect";
      throw one.fault("tensor", "is '" + tensor + "', a result that " + whose);
    }
    try {
      return new Entry(
          name,
          gate,
          tensor,
          one.text("reason"),
          one.optional("link"),
          LocalDate.parse(one.text("expires")),
          one.optional("impl"));
    } catch (DateTimeParseException wrong) {
      throw one.fault("expires", "is no day: write YYYY-MM-DD");
    }
  }

  /** The verdict with what is known set apart on that day. */
  public RunVerdict apart(RunVerdict verdict, LocalDate today) {
    Set<Entry> used = new HashSet<>();
    List<SubjectVerdict> subjects = new ArrayList<>();
    for (SubjectVerdict subject : verdict.subjects()) {
      List<CaseVerdict> cases = new ArrayList<>();
      for (CaseVerdict one : subject.cases()) {
        cases.add(apart(subject, one, today, used));
      }
      List<GateLine> gates = new ArrayList<>();
      for (GateLine line : subject.gates()) {
        gates.add(apart(subject, line, today, used));
      }
      subjects.add(
          new SubjectVerdict(
              subject.subject(), subject.precision(), subject.description(), cases, gates));
    }
    List<String> notes = new ArrayList<>(verdict.notes());
    for (Entry entry : entries) {
      if (!used.contains(entry) && passes(entry, verdict)) {
        notes.add("known failure %s now passes: remove it".formatted(entry.place()));
      }
    }
    return new RunVerdict(verdict.suite(), subjects, verdict.absent(), notes);
  }

  /** Whether what the entry is about was judged, and passed. */
  private static boolean passes(Entry entry, RunVerdict verdict) {
    return verdict.subjects().stream()
        .filter(entry::of)
        .anyMatch(
            subject ->
                subject.cases().stream().anyMatch(one -> passes(entry, one))
                    || subject.gates().stream().anyMatch(line -> passes(entry, line)));
  }

  private static boolean passes(Entry entry, CaseVerdict one) {
    return one.golden().name().equals(entry.name)
        && one.judged()
        && (entry.tensor == null
            || one.tensors().stream().anyMatch(t -> t.tensor().equals(entry.tensor) && t.passes()));
  }

  private static boolean passes(Entry entry, GateLine line) {
    return line.gate().equals(entry.gate)
        && line.tensor().equals(entry.tensor)
        && line.outcome() == Outcome.PASS;
  }

  private CaseVerdict apart(
      SubjectVerdict subject, CaseVerdict one, LocalDate today, Set<Entry> used) {
    if (one.status() != Status.FAILED) {
      return one;
    }
    List<String> wrong =
        one.tensors().stream().filter(t -> !t.passes()).map(TensorVerdict::tensor).toList();
    List<Entry> mine =
        entries.stream().filter(e -> e.of(subject) && one.golden().name().equals(e.name)).toList();
    Optional<Entry> whole = mine.stream().filter(e -> e.tensor == null).findFirst();
    List<Entry> found = new ArrayList<>(whole.map(List::of).orElse(List.of()));
    for (String tensor : wrong) {
      mine.stream().filter(e -> tensor.equals(e.tensor)).forEach(found::add);
    }
    used.addAll(found);
    for (Entry each : found) {
      if (each.expires.isBefore(today)) {
        return one.failedBecause(
            "the known failure %s expired on %s: mend it, or give it another day; it was: %s"
                .formatted(each.place(), each.expires, each.reason));
      }
    }
    boolean all =
        whole.isPresent()
            || (one.reason().isEmpty()
                && wrong.stream()
                    .allMatch(tensor -> found.stream().anyMatch(e -> tensor.equals(e.tensor))));
    return found.isEmpty() || !all ? one : one.known(found.getFirst().words());
  }

  private GateLine apart(SubjectVerdict subject, GateLine line, LocalDate today, Set<Entry> used) {
    if (line.outcome() != Outcome.FAIL) {
      return line;
    }
    for (Entry each : entries) {
      boolean mine =
          each.of(subject) && line.gate().equals(each.gate) && line.tensor().equals(each.tensor);
      if (mine) {
        used.add(each);
        boolean expired = each.expires.isBefore(today);
        String text =
            expired
                ? "%s; the known failure expired on %s".formatted(line.text(), each.expires)
                : line.text() + "; known: " + each.words();
        return new GateLine(
            line.gate(), line.tensor(), expired ? Outcome.FAIL : Outcome.WARNING, text);
      }
    }
    return line;
  }
}
