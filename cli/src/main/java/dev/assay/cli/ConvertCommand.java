package dev.assay.cli;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.layout.BlockLayout;
import dev.assay.layout.BlockMaps;
import dev.assay.layout.Conversion;
import dev.assay.layout.LayoutCatalog;
import dev.assay.layout.LayoutOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assay convert}: a block mask from one project's layout to another's. */
@Command(
    name = "convert",
    header = "Converts a block mask between the layouts of Assay and of other projects.",
    description = {
      "'assay list layouts' names their tensors; docs/layouts.md says what each can express.",
      "What the new layout cannot say is refused, and nothing is written."
    },
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  /** The names of the layouts, for the help. */
  static final class Ids implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LayoutCatalog.all().stream().map(BlockLayout::id).iterator();
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "LAYOUT",
      completionCandidates = Ids.class,
      description = "The layout that is read: ${COMPLETION-CANDIDATES}.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "LAYOUT",
      description = "The layout that is written.")
  private String to = "";

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "The tensors, .safetensors or .npz.")
  private Path in = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the mask goes, as safetensors.")
  private Path out = Path.of("");

  @Option(names = "--block-q", paramLabel = "N", description = "Queries in a block.")
  private @Nullable Integer blockQ;

  @Option(names = "--block-k", paramLabel = "N", description = "Keys in a block.")
  private @Nullable Integer blockK;

  @Option(
      names = "--q",
      paramLabel = "N",
      description = "Queries, where the last block is shorter.")
  private @Nullable Integer queries;

  @Option(names = "--k", paramLabel = "N", description = "Keys, where the last block is shorter.")
  private @Nullable Integer keys;

  @Option(
      names = "--declare",
      paramLabel = "KIND",
      defaultValue = "nothing",
      description = {
        "partial: forget which blocks are FULL; the pairs stay the same.",
        "full: nothing but this file masks, so blocks without bits are FULL."
      })
  private LayoutOptions.Declare declare = LayoutOptions.Declare.NOTHING;

  @Option(names = "--merge-heads", description = "Make one map of those of all heads, if equal.")
  private boolean mergeHeads;

  @Override
  public Integer call() throws IOException {
    BlockLayout reads = layout("--from", from);
    BlockLayout writes = layout("--to", to);
    TensorFile file = TensorFile.read(in);
    Conversion conversion = Conversion.of(file, reads, writes, options());
    Safetensors.write(out, conversion.file());
    PrintWriter print = spec.commandLine().getOut();
    BlockMaps maps = conversion.maps();
    print.printf(
        "%d blocks of %d x %d, %d batch entries, %d heads%n",
        maps.entries(),
        maps.mask().queryBlocks(),
        maps.mask().keyBlocks(),
        maps.batch(),
        maps.heads());
    conversion.notes().forEach(note -> print.println("note: " + note));
    print.printf("%s: %s%n", out, String.join(", ", conversion.file().names()));
    print.flush();
    return ExitCode.PASS;
  }

  private BlockLayout layout(String option, String id) {
    try {
      return LayoutCatalog.find(id);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + unknown.getMessage(), unknown);
    }
  }

  private LayoutOptions options() {
    LayoutOptions options =
        LayoutOptions.none()
            .sizes(
                size("--block-q", blockQ),
                size("--block-k", blockK),
                size("--q", queries),
                size("--k", keys))
            .declaring(declare);
    return mergeHeads ? options.merging() : options;
  }

  private int size(String option, @Nullable Integer given) {
    if (given != null && given < 1) {
      throw new ParameterException(
          spec.commandLine(), option + " is " + given + ": at least 1 is needed.");
    }
    return given == null ? 0 : given;
  }
}
