package dev.assay.cli;

import dev.assay.train.TrainingRecord;
import dev.assay.train.TrainingRecord.Run;
import dev.assay.train.TrainingRecord.Spread;
import dev.assay.train.TrainingRecord.Subject;
import java.io.PrintWriter;
import java.util.Locale;

/** A record of a training as lines of text. */
final class TrainText {
  private TrainText() {}

  static void print(PrintWriter out, TrainingRecord record) {
    out.println(
        "%s, %d runs each, mean and deviation"
            .formatted(record.task(), record.subjects().getFirst().runs().size()));
    for (Subject subject : record.subjects()) {
      StringBuilder row = new StringBuilder("  %-24s".formatted(subject.name()));
      subject
          .metrics()
          .forEach(
              (metric, spread) -> {
                if (metric.indexOf('.') < 0) {
                  row.append("  ").append(metric).append(' ').append(text(spread));
                }
              });
      double seconds = subject.runs().stream().mapToDouble(Run::seconds).average().orElse(0);
      row.append("  %.1f s".formatted(seconds));
      out.println(row);
    }
    record.notes().forEach(note -> out.println("  note: " + note));
  }

  /** {@code 0.912 (0.004)}. */
  static String text(Spread spread) {
    return String.format(Locale.ROOT, "%.3f (%.3f)", spread.mean(), spread.deviation());
  }
}
