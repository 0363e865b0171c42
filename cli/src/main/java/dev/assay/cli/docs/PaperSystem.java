package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A system under the name by which papers speak of it, and where it is: a mechanism with settings,
 * or a class beside the mechanisms.
 *
 * @param name what papers call it
 * @param mechanism id, empty for a class
 * @param settings of the mechanism that differ from its defaults
 * @param type the class, where it is no mechanism
 */
public record PaperSystem(
    String name, String mechanism, Map<String, String> settings, @Nullable Class<?> type) {

  /** One that is a mechanism; settings as {@code "key=value"}. */
  static PaperSystem of(String name, String mechanism, String... settings) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      map.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new PaperSystem(name, mechanism, map, null);
  }

  /** One that is a class: a layer, a loss, an encoding. */
  static PaperSystem of(String name, Class<?> type) {
    return new PaperSystem(name, "", Map.of(), type);
  }

  /**
   * The mechanism with its settings.
   *
   * @throws IllegalArgumentException if there is no such mechanism or setting
   */
  public Mechanism make() {
    return Settings.make(MechanismCatalog.find(mechanism).getClass(), settings);
  }

  /** Where it is, as options of the command line say it, or as the name of a class. */
  public String where() {
    if (type != null) {
      return type.getName();
    }
    StringBuilder options = new StringBuilder(mechanism);
    settings.forEach(
        (key, value) -> options.append(" --set ").append(key).append('=').append(value));
    return options.toString();
  }
}
