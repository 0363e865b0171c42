package dev.assay.wiring;

import dev.assay.check.Require;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The layers of other projects that come with Assay, each a text of its own among the resources of
 * this package, named after the project.
 */
public final class WiringCatalog {
  private static final List<String> ALL =
      List.of(
          "torch-mha",
          "torch-sdpa",
          "hf-longformer",
          "allenai-longformer",
          "hf-bigbird",
          "hf-reformer-lsh",
          "lucid-reformer-lsh",
          "informer-prob",
          "informer-layer",
          "lucid-linformer",
          "lucid-longshort",
          "lra-transformer-ls",
          "lucid-nsa",
          "fla-nsa",
          "lucid-routing",
          "moonshot-moba",
          "moh-dit",
          "mosa-pure",
          "torchscale-longnet",
          "transformer-xl",
          "streaming-llm",
          "seer-decode-gate",
          "deepseek-indexer",
          "deepspeed-layout",
          "apple-sigma-reparam");

  private WiringCatalog() {}

  /** Their names, in the order of this file. */
  public static List<String> names() {
    return ALL;
  }

  /**
   * The layer of that name.
   *
   * @throws IllegalArgumentException that names all, if there is none
   */
  public static Wiring find(String name) {
    String file = name + ".wiring";
    try {
      return WiringReader.read(name, file, text(name));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The text of a layer, to be read or copied. */
  public static String text(String name) {
    Require.argument(ALL.contains(name), "there is no wiring '%s': choose one of %s", name, ALL);
    try (InputStream in = WiringCatalog.class.getResourceAsStream(name + ".wiring")) {
      Require.state(in != null, "the text of the layer %s is missing", name);
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
