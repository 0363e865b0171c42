package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.check.Require;
import dev.assay.data.PlainText;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.wiring.Wiring;
import dev.assay.wiring.WiringCatalog;
import dev.assay.wiring.WiringReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is run: a mechanism of the catalogue, or a layer around one. */
final class RunSubject {
  private static final String ENDING = ".wiring";

  @Parameters(
      paramLabel = "MECHANISM|WIRING",
      description = {
        "The id of a mechanism ('assay list mechanisms'), or a layer around one: its name ('assay"
            + " list wirings') or a file of your own, named *.wiring."
      })
  private String id = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the mechanism; may be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--with",
      paramLabel = "NAME=NUMBER",
      description = "A number that the layer takes, as heads=4; may be given again.")
  private Map<String, Double> with = new LinkedHashMap<>();

  /**
   * The layer, or null if a mechanism itself is run.
   *
   * @throws Usage.BadValue if there is neither of that name
   */
  @Nullable Wiring wiring() throws IOException {
    if (id.endsWith(ENDING)) {
      Path file = Path.of(id);
      String name = String.valueOf(file.getFileName());
      return checked(
          WiringReader.read(
              name.substring(0, name.length() - ENDING.length()), id, PlainText.read(file)));
    }
    if (WiringCatalog.names().contains(id)) {
      return checked(WiringCatalog.find(id));
    }
    Usage.require(
        MechanismCatalog.ids().contains(id),
        "there is no mechanism %s and no wiring of that name: 'assay list mechanisms' and 'assay"
            + " list wirings' have them; a file of your own ends with %s",
        id,
        ENDING);
    Usage.require(
        with.isEmpty(), "--with %s is for layers: the settings of %s are --set", with, id);
    return null;
  }

  /**
   * The mechanism with its settings; null if the layer has none.
   *
   * @throws Usage.BadValue if a setting is unknown or does not parse
   */
  @Nullable Mechanism mechanism(@Nullable Wiring wiring) {
    try {
      if (wiring == null) {
        return Settings.make(MechanismCatalog.find(id).getClass(), settings);
      }
      Require.argument(
          wiring.mechanism() != null || settings.isEmpty(),
          "--set %s: %s has no mechanism",
          settings,
          wiring.name());
      return wiring.make(settings);
    } catch (IllegalArgumentException wrong) {
      throw new Usage.BadValue(String.valueOf(wrong.getMessage()));
    }
  }

  /** Refuses numbers that are missing, or that the layer does not take. */
  private Wiring checked(Wiring wiring) {
    try {
      wiring.requireSizes(with.keySet());
    } catch (IllegalArgumentException wrong) {
      throw new Usage.BadValue(wrong.getMessage() + "; --with NAME=NUMBER gives one");
    }
    return wiring;
  }

  /** As it was typed. */
  String name() {
    return id;
  }

  /** What the results say of a layer: its name, and the numbers that it took. */
  Map<String, String> metadata() {
    Map<String, String> lines = new LinkedHashMap<>();
    if (!MechanismCatalog.ids().contains(id)) {
      lines.put("wiring", id);
      with.forEach((name, number) -> lines.put("with." + name, String.valueOf(number)));
    }
    return lines;
  }

  /** The numbers of {@code --with}. */
  Map<String, Double> with() {
    return with;
  }
}
