package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.cli.picture.AttentionGrids;
import dev.assay.cli.picture.AttentionPicture;
import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay draw}: what attention looks like. */
@Command(
    name = "draw",
    header = "Draws which pairs a mechanism lets exist, by which rule, and the weights they get.",
    description =
        "Queries run downwards, keys to the right. A picture shows the pattern, coloured by rule,"
            + " and the weights of every head on a logarithmic scale; long sequences are gathered"
            + " into cells, which show their largest weight. Without --out the pattern is printed.",
    mixinStandardHelpOptions = true)
final class DrawCommand implements Callable<Integer> {
  private static final int TERMINAL_COLUMNS = 64;
  private static final int MOST_CELLS = 1024;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the picture goes, .png or .svg.")
  private @Nullable Path out;

  @Option(names = "--batch", defaultValue = "0", description = "Which batch entry is drawn.")
  private int batch;

  @Option(
      names = "--cells",
      defaultValue = "640",
      description = "Cells a side, at most 1024 (default: ${DEFAULT-VALUE}).")
  private int cells;

  @Override
  public Integer call() throws IOException {
    Path file = out;
    if (file != null && !file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|svg)")) {
      throw new ParameterException(
          spec.commandLine(), "--out is " + file + ": its name must end with .png or .svg");
    }
    Usage.within(1, MOST_CELLS, cells, "--cells");
    Usage.atLeast(0, batch, "--batch");
    OutputFile.check(file);
    Mechanism mechanism = subject.mechanism();
    Observation seen = Observation.of(mechanism, subject.tensors(mechanism));
    Require.argument(
        !seen.softmaxes().isEmpty(),
        "%s has no softmax whose weights could be drawn",
        mechanism.id());
    AttentionRows first = seen.softmaxes().getFirst();
    Require.index(batch, first.batches(), "--batch");
    AttentionGrids grids =
        AttentionGrids.of(
            seen, mechanism.rules(seen.inputs()), batch, file == null ? TERMINAL_COLUMNS : cells);
    PrintWriter print = spec.commandLine().getOut();
    if (file == null) {
      grids.print(print);
    } else {
      new AttentionPicture(mechanism.card().title(), notes(mechanism, first), grids).write(file);
      print.println(file);
    }
    print.flush();
    return ExitCode.PASS;
  }

  private List<String> notes(Mechanism mechanism, AttentionRows first) {
    List<String> notes = new ArrayList<>();
    notes.add(mechanism.card().idea());
    int queries = first.queries();
    int keys = first.keys();
    String size = queries == keys ? "n = " + keys : "%d queries, %d keys".formatted(queries, keys);
    String shown =
        first.heads() > AttentionGrids.MOST_HEADS
            ? ", the first %d of %d heads".formatted(AttentionGrids.MOST_HEADS, first.heads())
            : "";
    notes.add(subject.describe(mechanism) + "; " + size + shown);
    return notes;
  }
}
