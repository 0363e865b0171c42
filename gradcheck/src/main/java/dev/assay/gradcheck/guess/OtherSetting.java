package dev.assay.gradcheck.guess;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One setting is off by one, turned round, or ignored. */
final class OtherSetting implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    Mechanism mechanism = failure.golden().mechanism();
    Map<String, String> settings = Settings.of(mechanism);
    for (Settings.Description setting : Settings.describe(mechanism.getClass())) {
      String has = settings.getOrDefault(setting.key(), setting.by());
      for (String other : others(setting, has)) {
        String change = setting.key() + " = " + other;
        if (matches(failure, mechanism, settings, setting.key(), other, change)) {
          return Optional.of("the result is that of %s (the case has %s)".formatted(change, has));
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> others(Settings.Description setting, String has) {
    List<String> others = new ArrayList<>();
    switch (setting.type()) {
      case "boolean" -> others.add(has.equals("true") ? "false" : "true");
      case "int" -> {
        others.add(Integer.toString(Integer.parseInt(has) + 1));
        others.add(Integer.toString(Integer.parseInt(has) - 1));
      }
      case "double" -> {
        if (!has.equals(setting.by()) && Double.parseDouble(has) != 0) {
          others.add(setting.by());
        }
      }
      default -> {
        for (String choice : setting.type().split("\\|", -1)) {
          if (!choice.equals(has) && setting.type().contains("|")) {
            others.add(choice);
          }
        }
      }
    }
    return others;
  }

  private static boolean matches(
      Failure failure,
      Mechanism mechanism,
      Map<String, String> settings,
      String key,
      String value,
      String change) {
    Map<String, String> changed = new LinkedHashMap<>(settings);
    changed.put(key, value);
    try {
      Mechanism other = Settings.make(mechanism.getClass(), changed);
      return failure.matchesWith(change, other, failure.inputs());
    } catch (IllegalArgumentException senseless) {
      return false;
    }
  }
}
