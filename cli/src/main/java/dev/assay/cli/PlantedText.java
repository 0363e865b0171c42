package dev.assay.cli;

import dev.assay.file.Json;
import dev.assay.gradcheck.mutant.PlantedRun.Found;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What became of the faults that were planted in the fast kernels. */
final class PlantedText {
  private PlantedText() {}

  static String of(List<Found> all) {
    StringBuilder text = new StringBuilder();
    line(text, "%-5s %-21s %-38s %-8s fault%n", "", "planted in", "found by", "gate");
    int found = 0;
    for (Found one : all) {
      String by = Objects.requireNonNullElse(one.foundBy(), String.valueOf(one.failure()));
      found += one.alarm() == null ? 0 : 1;
      String gate = one.alarm() == null ? "" : one.alarm().name().toLowerCase(Locale.ROOT);
      line(text, "%-5s %-21s %-38s %-8s %s%n", one.id(), one.file(), by, gate, one.fault());
    }
    line(text, "%d of %d faults planted in the fast kernels were found%n", found, all.size());
    return text.toString();
  }

  private static void line(StringBuilder text, String template, Object... values) {
    text.append(String.format(Locale.ROOT, template.replace("%n", "\n"), values));
  }

  static String json(List<Found> all) {
    Map<String, Map<String, Object>> faults = new LinkedHashMap<>();
    for (Found one : all) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("file", one.file());
      entry.put("fault", one.fault());
      entry.put("found_by", Objects.requireNonNullElse(one.foundBy(), ""));
      entry.put("gate", one.alarm() == null ? "" : one.alarm().name());
      entry.put("failure", Objects.requireNonNullElse(one.failure(), ""));
      faults.put(one.id(), entry);
    }
    return Json.mapper().writeValueAsString(Map.of("faults", faults)) + "\n";
  }
}
