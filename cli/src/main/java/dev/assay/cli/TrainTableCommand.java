package dev.assay.cli;

import dev.assay.file.Json;
import dev.assay.train.TrainingRecord;
import dev.assay.train.TrainingRecord.Spread;
import dev.assay.train.TrainingRecord.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay train table}: the records of a folder side by side. */
@Command(
    name = "table",
    header = "Prints the records of a folder as tables in Markdown, one for each task.",
    description = "Every number is the mean over the seeds, with the standard deviation behind it.",
    mixinStandardHelpOptions = true)
final class TrainTableCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "Where records were written.")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    TreeMap<String, List<TrainingRecord>> tasks = new TreeMap<>();
    for (Path file : records()) {
      TrainingRecord record = Json.read(file, TrainingRecord.class);
      tasks.computeIfAbsent(record.task(), it -> new ArrayList<>()).add(record);
    }
    if (tasks.isEmpty()) {
      throw new Absent(folder + " holds no records: 'assay train TASK --out DIR' writes them");
    }
    PrintWriter out = spec.commandLine().getOut();
    tasks.forEach((task, records) -> print(out, task, records));
    out.flush();
    return ExitCode.PASS;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static void print(PrintWriter out, String task, List<TrainingRecord> records) {
    SequencedSet<String> metrics = new LinkedHashSet<>();
    SequencedSet<String> others = new LinkedHashSet<>();
    for (TrainingRecord record : records) {
      record.subjects().forEach(subject -> metrics.addAll(subject.metrics().keySet()));
      record.subjects().stream().skip(1).map(Subject::name).forEach(others::add);
    }
    // What has a point in its name is told for each head, and stays in the record.
    metrics.removeIf(metric -> metric.indexOf('.') >= 0);
    for (String metric : metrics) {
      String head = String.join(" | ", others);
      out.println("### " + task + ", " + metric);
      out.println();
      out.println("| mechanism | itself | " + head + (others.isEmpty() ? "" : " |"));
      out.println("|---|---|" + "---|".repeat(others.size()));
      for (TrainingRecord record : records) {
        out.println(row(record, metric, others));
      }
      out.println();
    }
  }

  private static String row(TrainingRecord record, String metric, SequencedSet<String> others) {
    StringBuilder row = new StringBuilder("| " + record.mechanism());
    row.append(" | ").append(cell(record.subjects().getFirst(), metric)).append(" |");
    for (String other : others) {
      String cell =
          record.subjects().stream()
              .skip(1)
              .filter(subject -> subject.name().equals(other))
              .findFirst()
              .map(subject -> cell(subject, metric))
              .orElse("-");
      row.append(' ').append(cell).append(" |");
    }
    return row.toString();
  }

  private static String cell(Subject subject, String metric) {
    Spread spread = subject.metrics().get(metric);
    return spread == null ? "-" : TrainText.text(spread);
  }
}
