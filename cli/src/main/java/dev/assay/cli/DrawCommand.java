package dev.assay.cli;

import dev.assay.cli.picture.AttentionGrids;
import dev.assay.cli.picture.AttentionPicture;
import dev.assay.cli.picture.Choice;
import dev.assay.cli.picture.Choice.Show;
import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.Sight;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
            + " into cells, which show their largest weight. Of a text its words stand along the"
            + " axes. Without --out the pattern is printed.",
    mixinStandardHelpOptions = true)
final class DrawCommand implements Callable<Integer> {
  private static final int TERMINAL_COLUMNS = 64;
  private static final int MOST_CELLS = 1024;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();
  @Mixin private SightOptions sight = new SightOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the picture goes, .png or .svg.")
  private @Nullable Path out;

  @Option(
      names = "--head",
      split = ",",
      paramLabel = "H",
      description = "Which heads are drawn, with commas between them (default: all, 16 at most).")
  private List<Integer> heads = new ArrayList<>();

  @Option(
      names = "--show",
      split = ",",
      paramLabel = "PANEL",
      description = "Panels: pattern, weights, density (default: pattern,weights).")
  private List<Show> shows = new ArrayList<>();

  @Option(
      names = "--block",
      defaultValue = "8",
      description = "Tokens a side of the blocks of --show density (default: ${DEFAULT-VALUE}).")
  private int block;

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
    OutputFile.check(file);
    PrintWriter print = spec.commandLine().getOut();
    if (file == null) {
      Mechanism mechanism = subject.mechanism();
      grids(look(mechanism), TERMINAL_COLUMNS).print(print);
    } else {
      picture().write(file);
      print.println(file);
    }
    print.flush();
    return ExitCode.PASS;
  }

  /**
   * The SVG that these words of a command line draw, whatever file they name.
   *
   * @param words behind the verb
   */
  static String svg(List<String> words) throws IOException {
    DrawCommand command = new DrawCommand();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words.toArray(String[]::new));
    return new String(command.picture().svg(), StandardCharsets.UTF_8);
  }

  private List<Sight> look(Mechanism mechanism) throws IOException {
    Usage.within(1, MOST_CELLS, cells, "--cells");
    Usage.atLeast(1, block, "--block");
    for (int head : heads) {
      Usage.atLeast(0, head, "--head");
    }
    return sight.sights(mechanism, subject.tensors(mechanism));
  }

  private AttentionGrids grids(List<Sight> sights, int mostCells) {
    return AttentionGrids.of(sights, choice(mostCells));
  }

  private Choice choice(int mostCells) {
    Set<Show> panels =
        shows.isEmpty() ? EnumSet.of(Show.PATTERN, Show.WEIGHTS) : EnumSet.copyOf(shows);
    return new Choice(sight.batch(), heads, panels, block, mostCells);
  }

  private AttentionPicture picture() throws IOException {
    Mechanism mechanism = subject.mechanism();
    List<Sight> sights = look(mechanism);
    AttentionRows first = sights.getFirst().rows();
    TokenText text = sight.text(subject, first.keys());
    List<String> tokens = text == null ? List.of() : text.all();
    return new AttentionPicture(
        mechanism.card().title(),
        notes(mechanism, sights, tokens.size()),
        grids(sights, cells),
        choice(cells),
        tokens);
  }

  private List<String> notes(Mechanism mechanism, List<Sight> sights, int labels) {
    AttentionRows first = sights.getFirst().rows();
    int queries = first.queries();
    int keys = first.keys();
    String size = queries == keys ? "n = " + keys : "%d queries, %d keys".formatted(queries, keys);
    String shown =
        heads.isEmpty() && first.heads() > AttentionGrids.MOST_HEADS
            ? ", the first %d of %d heads".formatted(AttentionGrids.MOST_HEADS, first.heads())
            : "";
    List<String> notes = new ArrayList<>();
    notes.add(mechanism.card().idea());
    notes.add(subject.describe(mechanism) + "; " + size + shown);
    if (sights.getFirst().name().equals("output")) {
      notes.add("Weights are what the value of token j counts for in output i, d out_i / d v_j.");
    }
    if (labels > AttentionPicture.MOST_LABELS) {
      notes.add(
          "%,d tokens are too many for labels, of which %d can be read: axes have numbers."
              .formatted(labels, AttentionPicture.MOST_LABELS));
    }
    return notes;
  }
}
