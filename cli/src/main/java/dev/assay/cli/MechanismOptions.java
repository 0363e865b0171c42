package dev.assay.cli;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.MechanismCatalog;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which mechanism, with which settings, on which tensors: what several verbs ask for. */
final class MechanismOptions {
  @Parameters(paramLabel = "MECHANISM", description = "Its id, as 'assay list mechanisms' has it.")
  private String id = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes a setting of the mechanism; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description = "Tensors, as .safetensors or .npz; without it made-up ones are used.")
  private @Nullable Path in;

  @Option(
      names = "--n",
      defaultValue = "256",
      description = "Made-up tensors: tokens (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--heads",
      defaultValue = "2",
      description = "Made-up tensors: heads (default: ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--d",
      defaultValue = "32",
      description = "Made-up tensors: channels (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Made-up tensors: which numbers (default: ${DEFAULT-VALUE}).")
  private int seed;

  /** The mechanism with its settings. */
  Mechanism mechanism() {
    return Settings.make(MechanismCatalog.find(id).getClass(), Settings.parse(settings));
  }

  /** The tensors that the mechanism reads, in canonical ranks. */
  Map<String, Tensor> tensors(Mechanism mechanism) throws IOException {
    return in != null
        ? CanonicalTensors.read(in, mechanism)
        : mechanism.example(new Example(heads, tokens, depth, seed));
  }

  /** Settings that were changed, and where the tensors come from. */
  String origin() {
    String changed = settings.isEmpty() ? "" : String.join(", ", settings) + "; ";
    return changed
        + (in != null ? String.valueOf(in.getFileName()) : "made-up input, seed " + seed);
  }
}
