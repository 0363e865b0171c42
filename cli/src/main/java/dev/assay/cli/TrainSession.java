package dev.assay.cli;

import dev.assay.engine.UnsupportedPlanException;
import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.op.Kernels;
import dev.assay.train.ModelSize;
import dev.assay.train.TrainingRecord;
import dev.assay.train.TrainingRecord.Run;
import dev.assay.train.TrainingRecord.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import picocli.CommandLine.Model.CommandSpec;

/** Trains subjects one after another with the fastest kernels, and writes the record. */
final class TrainSession {
  /** One run of a subject. */
  @FunctionalInterface
  interface Course {
    Run train(int seed, IntConsumer watcher);
  }

  private final CommandSpec spec;
  private final TrainOptions options;
  private final ModelSize size;
  private final List<Subject> subjects = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  TrainSession(CommandSpec spec, TrainOptions options, ModelSize size) {
    this.spec = spec;
    this.options = options;
    this.size = size;
  }

  /** What a reader of the numbers must know. */
  void note(String sentence) {
    notes.add(sentence);
  }

  /** Adds what was not trained. */
  void add(Subject subject) {
    subjects.add(subject);
  }

  /** One run of any mechanism on the task. */
  @FunctionalInterface
  interface Task {
    Run train(Mechanism mechanism, ModelSize size, int seed, IntConsumer watcher);
  }

  /** Trains a mechanism and, unless it is wanted alone, dense attention and none. */
  void trainAgainstOthers(Mechanism mechanism, boolean causal, Task task) {
    trainWithTerms(mechanism, task);
    if (!options.alone) {
      Mechanism dense = TrainOptions.dense(causal);
      Mechanism none = TrainOptions.none();
      train("dense", (seed, watcher) -> task.train(dense, size, seed, watcher));
      train("no attention", (seed, watcher) -> task.train(none, size, seed, watcher));
    }
  }

  /** Trains the mechanism that it is about. */
  Subject trainWithTerms(Mechanism mechanism, Task task) {
    ModelSize own = options.withTerms(size, mechanism);
    String terms = options.terms(mechanism);
    if (!terms.isEmpty()) {
      note("added to the loss of " + mechanism.id() + ": " + terms);
    }
    return train(mechanism.id(), (seed, watcher) -> task.train(mechanism, own, seed, watcher));
  }

  /** Trains a subject with every seed. */
  Subject train(String name, Course course) {
    List<Run> runs = new ArrayList<>();
    for (int seed = 1; seed <= options.seeds; seed++) {
      int own = seed;
      try (ProgressLine bar = new ProgressLine(name + ", seed " + seed, size.course().steps())) {
        runs.add(Kernels.with(Kernels.fastest(), () -> course.train(own, step -> bar.step(name))));
      }
    }
    Subject subject = Subject.of(name, runs);
    subjects.add(subject);
    return subject;
  }

  /**
   * Takes dense attention over from a record of the same folder, if one was trained on the same
   * task in the same sizes.
   */
  boolean takesDense(String task, Map<String, Double> sizes, boolean causal) throws IOException {
    Path file = options.out.resolve(task + (causal ? "-dense-causal.json" : "-dense.json"));
    if (!Files.isRegularFile(file)) {
      return false;
    }
    TrainingRecord other = TrainingRecord.read(file);
    Subject dense = other.subjects().getFirst();
    boolean same =
        other.mechanism().equals("dense")
            && other.settings().equals(Settings.of(TrainOptions.dense(causal)))
            && other.task().equals(task)
            && other.sizes().equals(sizes)
            && other.engine().equals(options.engine())
            && dense.runs().size() == options.seeds;
    if (same) {
      subjects.add(new Subject("dense", dense.metrics(), dense.runs()));
      note("dense attention was taken over from " + file.getFileName());
    }
    return same;
  }

  /** Writes the record and prints what came out. */
  int finish(String task, Mechanism mechanism, Map<String, Double> sizes) throws IOException {
    for (Subject subject : subjects) {
      long cut = subject.runs().stream().filter(Run::stopped).count();
      if (cut > 0) {
        note(
            "%d of %d runs of %s were stopped by --seconds before their last step"
                .formatted(cut, subject.runs().size(), subject.name()));
      }
    }
    TrainingRecord record =
        new TrainingRecord(
            task,
            mechanism.id(),
            Settings.of(mechanism),
            Launch.command()
                + " "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs()),
            sizes,
            options.engine(),
            notes,
            subjects);
    Files.createDirectories(options.out);
    Path file = options.out.resolve(options.file(task));
    Json.write(file, record);
    PrintWriter out = spec.commandLine().getOut();
    TrainText.print(out, record);
    out.println("written to " + file);
    out.flush();
    return ExitCode.PASS;
  }

  /** Says that an engine cannot do it. */
  int unsupported(UnsupportedPlanException no) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("assay: " + no.getMessage() + "; --engine define needs none");
    err.flush();
    return ExitCode.NOTHING_RUN;
  }
}
