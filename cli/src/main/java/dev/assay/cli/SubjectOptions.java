package dev.assay.cli;

import dev.assay.data.TextExample;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a study by eye looks at: a mechanism on the user's tensors, or on made-up ones. */
final class SubjectOptions {
  private static final int EXAMPLE_TOKENS = 256;

  /** So many can be labelled in a picture. */
  private static final int TEXT_TOKENS = 48;

  @Mixin private MechanismOption choice = new MechanismOption();

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description =
          "Tensors, as .safetensors or .npz; may be given again. Without it made-up ones are used.")
  private List<Path> in = new ArrayList<>();

  @Mixin private TextOption text = new TextOption();
  private TextOption.@Nullable Tokens read;

  @Option(
      names = "--layout",
      defaultValue = "bhsd",
      description = "Order of axes in the files: ${COMPLETION-CANDIDATES}.")
  private Layout layout = Layout.BHSD;

  @Option(
      names = "--n",
      paramLabel = "N",
      description =
          "Made-up tensors: tokens; a text: tokens at most (default: 256; with --text 48).")
  private @Nullable Integer tokens;

  @Option(
      names = "--heads",
      defaultValue = "2",
      description = "Made-up tensors, or a text: heads (default: ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--d",
      defaultValue = "32",
      description = "Made-up tensors, or a text: channels (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Made-up tensors, or a text: which numbers (default: ${DEFAULT-VALUE}).")
  private int seed;

  /** What stands in the place of a mechanism, as it was typed. */
  String word() {
    return choice.id();
  }

  /** The mechanism with its settings. */
  Mechanism mechanism() {
    return choice.mechanism();
  }

  /** The tensors that the mechanism reads, in canonical shapes. */
  Map<String, Tensor> tensors(Mechanism mechanism) throws IOException {
    if (!in.isEmpty()) {
      Usage.require(!text.isGiven(), "--text is given as well as --in: leave one out");
      return UserTensors.of(files(), layout, mechanism).tensors();
    }
    Usage.atLeast(1, tokens(), "--n");
    Usage.atLeast(1, heads, "--heads");
    Usage.atLeast(1, depth, "--d");
    if (!text.isGiven()) {
      return mechanism.example(new Example(heads, tokens(), depth, seed));
    }
    return new TextExample(heads, depth, seed).of(mechanism, words().numbers());
  }

  /** As {@link #tensors}, for every layer that the files hold, by its name; one without a name. */
  SequencedMap<String, Map<String, Tensor>> layers(Mechanism mechanism) throws IOException {
    SequencedMap<String, Map<String, Tensor>> layers = new LinkedHashMap<>();
    if (in.isEmpty() || text.isGiven()) {
      layers.put("", tensors(mechanism));
    } else {
      UserTensors.layers(files(), layout, mechanism)
          .forEach((name, layer) -> layers.put(name, layer.tensors()));
    }
    return layers;
  }

  private FileTensors files() throws IOException {
    return FileTensors.read(in, new TensorNames());
  }

  private int tokens() {
    Integer given = tokens;
    return given != null ? given : text.isGiven() ? TEXT_TOKENS : EXAMPLE_TOKENS;
  }

  private TextOption.Tokens words() throws IOException {
    if (read == null) {
      read = text.first(tokens());
    }
    return read;
  }

  /** What the tokens of --text stand for, or null without it. */
  @Nullable TokenText tokenText() throws IOException {
    return text.isGiven()
        ? TokenText.of(words().words(), text.unit() == TextOption.Unit.WORD)
        : null;
  }

  /** The mechanism, its settings where they are not the default, and where the tensors are from. */
  String describe(Mechanism mechanism) {
    Map<String, String> defaults = Settings.of(Settings.defaults(mechanism.getClass()));
    String changed =
        Settings.of(mechanism).entrySet().stream()
            .filter(setting -> !setting.getValue().equals(defaults.get(setting.getKey())))
            .map(setting -> ", " + setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining());
    return mechanism.id() + changed + "; " + origin();
  }

  private String origin() {
    if (read != null) {
      return text.name() + ", " + TextOption.extent(read, text.unit());
    }
    return in.isEmpty()
        ? "made-up input, seed " + seed
        : in.stream()
            .map(file -> String.valueOf(file.getFileName()))
            .collect(Collectors.joining(", "));
  }
}
