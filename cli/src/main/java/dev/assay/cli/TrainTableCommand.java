package dev.assay.cli;

import dev.assay.cli.picture.SpreadPicture;
import dev.assay.file.AtomicFile;
import dev.assay.train.TrainingRecord;
import dev.assay.train.TrainingRecord.Spread;
import dev.assay.train.TrainingRecord.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay train table}: the records of a folder side by side. */
@Command(
    name = "table",
    header = "Prints the records of a folder as tables in Markdown, one for each task.",
    description = "Every number is the mean over the seeds, with the standard deviation behind it.",
    mixinStandardHelpOptions = true)
final class TrainTableCommand implements Callable<Integer> {
  private static final String DRAWN = "accuracy";
  private static final String ITSELF = "itself";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "Where records were written.")
  private Path folder = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draws the accuracies of one task, as FILE.svg; the best first.")
  private @Nullable Path plot;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      defaultValue = "recall",
      description = "Which task is drawn (default: ${DEFAULT-VALUE}).")
  private String task = "recall";

  /** A record under the name of its file. */
  private record Named(String name, TrainingRecord record) {
    private static final String ENDING = ".json";

    static Named of(Path file) throws IOException {
      TrainingRecord record = TrainingRecord.read(file);
      String name = String.valueOf(file.getFileName()).replace(ENDING, "");
      String prefix = record.task() + "-";
      return new Named(name.startsWith(prefix) ? name.substring(prefix.length()) : name, record);
    }
  }

  @Override
  public Integer call() throws IOException {
    TreeMap<String, List<Named>> tasks = new TreeMap<>();
    for (Path file : records()) {
      Named named = Named.of(file);
      tasks.computeIfAbsent(named.record.task(), it -> new ArrayList<>()).add(named);
    }
    if (tasks.isEmpty()) {
      throw new Absent(folder + " holds no records: 'assay train TASK --out DIR' writes them");
    }
    PrintWriter out = spec.commandLine().getOut();
    tasks.forEach((name, records) -> print(out, name, records));
    out.flush();
    if (plot != null) {
      draw(plot, tasks.getOrDefault(task, List.of()));
    }
    return ExitCode.PASS;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private void draw(Path file, List<Named> records) throws IOException {
    Usage.require(
        file.toString().endsWith(".svg"), "--plot is %s: a picture is written as .svg", file);
    List<SpreadPicture.Row> rows = new ArrayList<>();
    for (Named named : records) {
      Map<String, Spread> spreads = new LinkedHashMap<>();
      for (int s = 0; s < named.record.subjects().size(); s++) {
        Subject subject = named.record.subjects().get(s);
        Spread spread = subject.metrics().get(DRAWN);
        if (spread != null) {
          spreads.put(s == 0 ? ITSELF : subject.name(), spread);
        }
      }
      if (spreads.containsKey(ITSELF)) {
        rows.add(new SpreadPicture.Row(named.name, spreads));
      }
    }
    if (rows.isEmpty()) {
      throw new Absent("no record of " + task + " in " + folder + " has an accuracy");
    }
    rows.sort(Comparator.comparingDouble(row -> -mean(row)));
    SequencedSet<String> subjects = new LinkedHashSet<>(List.of(ITSELF));
    rows.forEach(row -> subjects.addAll(row.spreads().keySet()));
    String note = "mean and standard deviation over the seeds";
    SpreadPicture picture =
        new SpreadPicture(task + ": accuracy", note, List.copyOf(subjects), rows);
    OutputFile.check(file, "--plot");
    AtomicFile.write(file, picture::writeTo);
  }

  private static double mean(SpreadPicture.Row row) {
    return row.spreads().getOrDefault(ITSELF, new Spread(0, 0)).mean();
  }

  private static void print(PrintWriter out, String task, List<Named> records) {
    SequencedSet<String> metrics = new LinkedHashSet<>();
    SequencedSet<String> others = new LinkedHashSet<>();
    for (Named named : records) {
      TrainingRecord record = named.record;
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
      for (Named named : records) {
        out.println(row(named, metric, others));
      }
      out.println();
    }
  }

  private static String row(Named named, String metric, SequencedSet<String> others) {
    TrainingRecord record = named.record;
    StringBuilder row = new StringBuilder("| " + named.name);
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
