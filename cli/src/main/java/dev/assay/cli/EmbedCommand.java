package dev.assay.cli;

import dev.assay.data.TextEmbedding;
import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay embed}: real text as queries, keys and values, by fixed tables. */
@Command(
    name = "embed",
    header =
        "Turns a text into q, k and v by fixed random tables, so that mechanisms can be watched on it.",
    description =
        "A token is a byte. Every head is an induction head: a query looks for what followed the "
            + "same two bytes earlier.",
    mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TEXT", description = "A text file; its first --n bytes are used.")
  private Path text = Path.of("");

  @Option(
      names = "--n",
      defaultValue = "4096",
      description = "Tokens, at most (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--heads", defaultValue = "2", description = "Heads (default: ${DEFAULT-VALUE}).")
  private int heads;

  @Option(names = "--d", defaultValue = "64", description = "Channels (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(names = "--seed", defaultValue = "1", description = "Tables (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where q, k and v go, as safetensors in fp32.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Usage.atLeast(1, tokens, "--n");
    Usage.atLeast(1, heads, "--heads");
    Usage.atLeast(1, depth, "--d");
    OutputFile.safetensors(out, List.of(text));
    byte[] bytes = TextFile.read(text, tokens);
    if (bytes.length == 0) {
      throw new FormatException(text.toString(), "text", "is empty: at least one byte is needed");
    }
    TensorFile.Builder file = TensorFile.builder();
    new TextEmbedding(heads, depth, seed)
        .embed(bytes)
        .forEach((name, tensor) -> file.put(name, tensor.to(Storage.F32)));
    Safetensors.write(out, file.build());
    spec.commandLine()
        .getOut()
        .printf("%s: q, k, v of [1, %d, %d, %d]%n", out, heads, bytes.length, depth);
    spec.commandLine().getOut().flush();
    return ExitCode.PASS;
  }
}
