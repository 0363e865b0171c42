package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Json;
import dev.assay.train.TrainingRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int train(String line, String... more) {
    List<String> words = new ArrayList<>(List.of(("train " + line).split(" ", -1)));
    words.addAll(List.of(more));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words.toArray(String[]::new));
  }

  private int recall(String line) {
    return train(
        "recall --pairs 6 --queries 3 --keys 8 --values 4 --width 8 --batch 4 --steps 20 " + line,
        "--out",
        folder.toString());
  }

  private TrainingRecord record(String name) throws IOException {
    return Json.read(folder.resolve(name), TrainingRecord.class);
  }

  @Test
  void a_mechanism_is_held_against_dense_attention_and_a_random_pattern() throws IOException {
    String line = "--mechanism sliding-window --set window=2 --seeds 2";
    assertEquals(ExitCode.PASS, recall(line), err::toString);
    TrainingRecord record = record("recall-sliding-window.json");
    assertEquals(
        List.of("sliding-window", "dense", "random"),
        record.subjects().stream().map(TrainingRecord.Subject::name).toList());
    assertEquals("2", record.settings().get("window"));
    for (TrainingRecord.Subject subject : record.subjects()) {
      assertEquals(2, subject.runs().size());
      assertEquals(20, subject.runs().getFirst().steps());
      assertEquals(2, subject.runs().getFirst().losses().size());
    }
    double own = density(record, 0);
    assertEquals(own, density(record, 2), 0.05);
    assertEquals(1, density(record, 1));
    assertTrue(own < 0.5, "density " + own);
  }

  private static double density(TrainingRecord record, int subject) {
    return Objects.requireNonNull(record.subjects().get(subject).metrics().get("density")).mean();
  }

  @Test
  void the_same_command_gives_the_same_numbers() throws IOException {
    String line = "--mechanism dense --seeds 1 --alone --engine define";
    assertEquals(ExitCode.PASS, recall(line + " --name a"), err::toString);
    assertEquals(ExitCode.PASS, recall(line + " --name b"), err::toString);
    List<Double> first = record("recall-a.json").subjects().getFirst().runs().getFirst().losses();
    assertEquals(first, record("recall-b.json").subjects().getFirst().runs().getFirst().losses());
  }

  @Test
  void dense_attention_of_an_earlier_record_is_taken_over() throws IOException {
    assertEquals(ExitCode.PASS, recall("--mechanism dense --seeds 1"), err::toString);
    assertEquals(ExitCode.PASS, recall("--mechanism head-gate --seeds 1"), err::toString);
    TrainingRecord record = record("recall-head-gate.json");
    assertEquals(
        record("recall-dense.json").subjects().getFirst().runs(), record.subjects().get(1).runs());
    assertTrue(
        record.notes().stream().anyMatch(note -> note.contains("recall-dense.json")),
        record.notes()::toString);
  }

  @Test
  void the_table_shows_mean_and_deviation_of_every_record() {
    assertEquals(ExitCode.PASS, recall("--mechanism dense --seeds 2"), err::toString);
    out.getBuffer().setLength(0);
    assertEquals(ExitCode.PASS, train("table", folder.toString()), err::toString);
    assertTrue(out.toString().contains("### recall, accuracy"), out::toString);
    assertTrue(
        out.toString().lines().anyMatch(row -> row.matches("\\| dense \\| 0\\.\\d{3} \\(.*")),
        out::toString);
  }

  @Test
  void accuracies_are_drawn_the_best_first() throws Exception {
    assertEquals(ExitCode.PASS, recall("--mechanism dense --seeds 2"), err::toString);
    assertEquals(ExitCode.PASS, recall("--mechanism moba --set block=2 --seeds 2"), err::toString);
    Path plot = folder.resolve("plot.svg");
    assertEquals(
        ExitCode.PASS, train("table", folder.toString(), "--plot", plot.toString()), err::toString);
    String svg = Files.readString(plot);
    DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(plot.toFile());
    for (String part : new String[] {"recall: accuracy", "itself", "random", "moba", "dense"}) {
      assertTrue(svg.contains(part), () -> part + " is not in\n" + svg);
    }
  }

  @Test
  void a_plot_is_an_svg_of_records_that_are_there() {
    assertEquals(ExitCode.PASS, recall("--mechanism dense --seeds 1"), err::toString);
    String png = folder.resolve("plot.png").toString();
    assertEquals(ExitCode.USAGE, train("table", folder.toString(), "--plot", png));
    String svg = folder.resolve("plot.svg").toString();
    assertEquals(
        ExitCode.NOTHING_RUN, train("table --task etth1", folder.toString(), "--plot", svg));
    assertFalse(Files.exists(Path.of(svg)));
  }

  @Test
  void a_lesson_is_added_and_the_record_says_so() throws IOException {
    assertEquals(ExitCode.PASS, recall("--mechanism moh --seeds 1 --alone"), err::toString);
    assertTrue(
        record("recall-moh.json").notes().contains("added to the loss of moh: 1.0 lesson"),
        record("recall-moh.json").notes()::toString);
    assertEquals(ExitCode.USAGE, recall("--mechanism dense --seeds 1 --alone --term lesson=1"));
    assertEquals(ExitCode.USAGE, recall("--mechanism dense --seeds 1 --alone --term speed=1"));
    assertTrue(err.toString().contains("lesson, sparsity, budget:SHARE"), err::toString);
  }

  @Test
  void a_pattern_is_distilled_for_blocks_alone() {
    assertEquals(ExitCode.USAGE, recall("--mechanism moba --seeds 1 --distilled 0.9"));
    String blocks = "--mechanism block-sparse --set blockQ=3 --set blockK=3 --seeds 1 --alone";
    assertEquals(ExitCode.USAGE, recall(blocks + " --distilled 2"));
    assertEquals(ExitCode.PASS, recall(blocks + " --distilled 0.5"), err::toString);
  }

  @Test
  void data_that_is_not_there_is_absent() {
    String[] nowhere = {"--data", folder.resolve("no").toString(), "--out", folder.toString()};
    for (String task : new String[] {"ag-news", "etth1", "text --set causal=true"}) {
      assertEquals(ExitCode.NOTHING_RUN, train(task + " --mechanism dense", nowhere), task);
    }
    assertTrue(err.toString().contains("is not there"), err::toString);
  }

  @Test
  void a_language_model_must_be_causal() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "abcd".repeat(100));
    assertEquals(
        ExitCode.USAGE,
        train("text --mechanism dense", "--text", text.toString(), "--out", folder.toString()));
    assertTrue(err.toString().contains("is not causal"), err::toString);
  }

  @Test
  void a_table_of_nothing_is_absent_and_a_task_must_be_named() {
    assertEquals(ExitCode.NOTHING_RUN, train("table", folder.toString()));
    assertEquals(
        ExitCode.USAGE,
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("train"));
    assertTrue(err.toString().contains("recall, ag-news, etth1, text, table"), err::toString);
  }
}
