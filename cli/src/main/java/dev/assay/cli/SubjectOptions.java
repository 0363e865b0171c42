package dev.assay.cli;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a study by eye looks at: a mechanism on the user's tensors, or on made-up ones. */
final class SubjectOptions {
  @Mixin private MechanismOption choice = new MechanismOption();

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description =
          "Tensors, as .safetensors or .npz; may be given again. Without it made-up ones are used.")
  private List<Path> in = new ArrayList<>();

  @Option(
      names = "--layout",
      defaultValue = "bhsd",
      description = "Order of axes in the files: ${COMPLETION-CANDIDATES}.")
  private Layout layout = Layout.BHSD;

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
    return choice.mechanism();
  }

  /** The tensors that the mechanism reads, in canonical shapes. */
  Map<String, Tensor> tensors(Mechanism mechanism) throws IOException {
    return in.isEmpty()
        ? mechanism.example(example())
        : UserTensors.of(FileTensors.read(in, new TensorNames()), layout, mechanism).tensors();
  }

  private Example example() {
    Usage.atLeast(1, tokens, "--n");
    Usage.atLeast(1, heads, "--heads");
    Usage.atLeast(1, depth, "--d");
    return new Example(heads, tokens, depth, seed);
  }

  /** The mechanism, its settings where they are not the default, and where the tensors are from. */
  String describe(Mechanism mechanism) {
    Map<String, String> defaults = Settings.of(Settings.defaults(mechanism.getClass()));
    String changed =
        Settings.of(mechanism).entrySet().stream()
            .filter(setting -> !setting.getValue().equals(defaults.get(setting.getKey())))
            .map(setting -> ", " + setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining());
    String origin =
        in.isEmpty()
            ? "made-up input, seed " + seed
            : in.stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining(", "));
    return mechanism.id() + changed + "; " + origin;
  }
}
