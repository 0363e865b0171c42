package dev.assay.cli;

import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.report.History;
import dev.assay.gradcheck.report.History.News;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --history}: a run is kept, and told by what is new since the one before. */
final class HistoryOption {
  @Option(
      names = "--history",
      paramLabel = "FOLDER",
      description =
          "Keep this run there, as a small JSON document, and say what changed since the last one:"
              + " cases that fail or pass anew, and errors that grew. The exit code stays.")
  private @Nullable Path folder;

  /** A run on its way into the history. */
  record Kept(RunVerdict verdict, List<News> news) {
    /** Says in full what is new, below a verdict for people; other formats have a note each. */
    void print(PrintWriter out, Format format) {
      for (News one : format == Format.TEXT ? news : List.<News>of()) {
        if (one.any()) {
          out.println();
          out.println(one.subject() + " since " + one.at() + ":");
          DiffText.lines(one.diff(), one.gates()).forEach(line -> out.println("  " + line));
        }
      }
      out.flush();
    }
  }

  /**
   * Reads the last run, before anything is judged.
   *
   * @return null if no history is wanted
   */
  @Nullable History open(Suite suite) throws IOException {
    if (folder == null) {
      return null;
    }
    // Before the judging, which may be long, and not behind it.
    if (Files.isDirectory(folder) && !Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString(), null, "nothing can be written there");
    }
    return History.open(folder, suite);
  }

  /** Keeps a run, and notes in its verdict what is new. */
  Kept keep(@Nullable History history, RunVerdict now) throws IOException {
    if (history == null) {
      return new Kept(now, List.of());
    }
    List<News> news = history.since(now);
    Path file = history.add(now, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    List<String> notes = new ArrayList<>(now.notes());
    news.forEach(
        one ->
            notes.add(
                "%s since %s: %s"
                    .formatted(one.subject(), one.at(), DiffText.counts(one.diff(), one.gates()))));
    notes.add(
        news.isEmpty() ? "the first run of a history: " + file : "kept in the history: " + file);
    return new Kept(new RunVerdict(now.suite(), now.subjects(), now.absent(), notes), news);
  }
}
