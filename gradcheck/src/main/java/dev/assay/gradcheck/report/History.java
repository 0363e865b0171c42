package dev.assay.gradcheck.report;

import dev.assay.file.AtomicFile;
import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.report.HistoryDocument.Errors;
import dev.assay.gradcheck.report.HistoryDocument.Told;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Histogram;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import dev.assay.gradcheck.verdict.VerdictDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs over some results, a file each in a folder of their own, so that a run can be held
 * against the one before. Names are moments, so that the last name is the last run.
 */
public final class History {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Other files of the folder are somebody's own. */
  private static final String RUN = "\\d{8}T\\d{6}\\.\\d{3}Z-\\d{1,10}\\.json";

  private final Path folder;
  private final @Nullable HistoryDocument last;
  private final Map<String, GoldenCase> cases = new HashMap<>();

  private History(Path folder, @Nullable HistoryDocument last, Suite suite) {
    this.folder = folder;
    this.last = last;
    suite.judged().forEach(golden -> cases.put(golden.name(), golden));
  }

  /**
   * What is new of a subject.
   *
   * @param subject the folder of its results
   * @param at when the run before ended
   * @param diff what changed, case by case
   * @param gates lines of gates that fail now and did not fail before
   */
  public record News(String subject, String at, VerdictDiff diff, List<GateLine> gates) {
    /** Whether there is anything to tell. */
    public boolean any() {
      boolean changed = diff.compared() > diff.same();
      return changed || !diff.grown().isEmpty() || !gates.isEmpty();
    }
  }

  /**
   * Reads the last run of a folder, which need not exist yet.
   *
   * @throws FormatException that names file and rule, if that run is not as it was written
   */
  public static History open(Path folder, Suite suite) throws IOException {
    if (!Files.exists(folder)) {
      return new History(folder, null, suite);
    }
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder.toString(), "history", "is a file: name a folder for it");
    }
    try (Stream<Path> all = Files.list(folder)) {
      Optional<Path> newest =
          all.filter(file -> String.valueOf(file.getFileName()).matches(RUN)).max(Path::compareTo);
      return new History(folder, newest.isPresent() ? read(newest.get()) : null, suite);
    }
  }

  private static HistoryDocument read(Path file) throws IOException {
    HistoryDocument document = Json.read(file, HistoryDocument.class);
    if (!document.schema().equals(HistoryDocument.SCHEMA)) {
      String rule = "is '" + document.schema() + "', not " + HistoryDocument.SCHEMA;
      throw new FormatException(file.toString(), "schema", rule);
    }
    for (HistoryDocument.Subject subject : document.subjects()) {
      try {
        PrecisionClass.find(subject.precision());
      } catch (IllegalArgumentException unknown) {
        throw new FormatException(
            file.toString(), "precision", String.valueOf(unknown.getMessage()), unknown);
      }
    }
    return document;
  }

  /** What changed since the run before, for each subject that was in it, in the order of now. */
  public List<News> since(RunVerdict now) {
    List<News> news = new ArrayList<>();
    if (last == null) {
      return news;
    }
    Map<String, List<SubjectVerdict>> before = new HashMap<>();
    for (HistoryDocument.Subject one : last.subjects()) {
      before.computeIfAbsent(one.subject(), _ -> new ArrayList<>()).add(verdict(one));
    }
    for (String name : now.subjects().stream().map(SubjectVerdict::subject).distinct().toList()) {
      RunVerdict was = run(before.getOrDefault(name, List.of()));
      RunVerdict is =
          run(now.subjects().stream().filter(one -> one.subject().equals(name)).toList());
      if (!was.subjects().isEmpty()) {
        news.add(new News(name, last.at(), VerdictDiff.of(was, is), VerdictDiff.gates(was, is)));
      }
    }
    return news;
  }

  private static RunVerdict run(List<SubjectVerdict> subjects) {
    return new RunVerdict("", subjects, List.of(), List.of());
  }

  /** What was said before; a case that the suite no longer has is passed over. */
  private SubjectVerdict verdict(HistoryDocument.Subject before) {
    List<CaseVerdict> told = new ArrayList<>();
    before
        .cases()
        .forEach(
            (name, one) -> {
              GoldenCase golden = cases.get(name);
              if (golden != null) {
                told.add(verdict(golden, one));
              }
            });
    PrecisionClass precision = PrecisionClass.find(before.precision());
    return new SubjectVerdict(before.subject(), precision, "", told, before.gates());
  }

  private static CaseVerdict verdict(GoldenCase golden, Told before) {
    Histogram none = new Histogram(new int[0], new int[0]);
    List<TensorVerdict> tensors = new ArrayList<>();
    before
        .tensors()
        .forEach(
            (name, one) ->
                tensors.add(
                    new TensorVerdict(
                        name, 0, one.failing(), 0, one.tightness(), 0, none, null, List.of())));
    return new CaseVerdict(golden, before.status(), "", tensors, Map.of(), "", null);
  }

  /**
   * Keeps a run, as a file that is there as a whole or not at all.
   *
   * @param at when it ended
   * @return the file
   * @throws IOException with one sentence, if it cannot be written
   */
  public Path add(RunVerdict now, Instant at) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.sweep(folder, RUN);
    Path file =
        folder.resolve("%s-%d.json".formatted(NAME.format(at), ProcessHandle.current().pid()));
    List<HistoryDocument.Subject> subjects = now.subjects().stream().map(History::kept).toList();
    Json.write(
        file, new HistoryDocument(HistoryDocument.SCHEMA, now.suite(), at.toString(), subjects));
    return file;
  }

  private static HistoryDocument.Subject kept(SubjectVerdict subject) {
    SequencedMap<String, Told> cases = new LinkedHashMap<>();
    for (CaseVerdict one : subject.cases()) {
      SequencedMap<String, Errors> tensors = new LinkedHashMap<>();
      one.tensors()
          .forEach(it -> tensors.put(it.tensor(), new Errors(it.failing(), it.tightness())));
      cases.put(one.golden().name(), new Told(one.status(), tensors));
    }
    return new HistoryDocument.Subject(
        subject.subject(), subject.precision().id(), cases, subject.gates());
  }
}
