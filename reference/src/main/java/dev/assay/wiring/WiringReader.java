package dev.assay.wiring;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import dev.assay.mechanism.Settings;
import dev.assay.wiring.Wiring.Line;
import dev.assay.wiring.Wiring.Part;
import dev.assay.wiring.Wiring.Size;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of a {@link Wiring}. */
public final class WiringReader {
  private static final Pattern GIVEN =
      Pattern.compile("(?<name>[A-Za-z_]\\w*)\\s*(?<sign>\\??=)(?<value>.*)");

  private String title = "";
  private @Nullable String mechanism;
  private Map<String, String> settings = new LinkedHashMap<>();
  private final List<Size> sizes = new ArrayList<>();
  private final Map<Part, List<Line>> lines = new EnumMap<>(Part.class);
  private Part part = Part.INPUTS;

  private WiringReader() {}

  /**
   * Reads a text.
   *
   * @param name that the wiring gets
   * @param source where the text is from, for messages
   * @throws FormatException that names the source, the line and what is wrong with it
   */
  public static Wiring read(String name, String source, String text) throws FormatException {
    WiringReader reader = new WiringReader();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      try {
        reader.line(number, line.strip());
      } catch (IllegalArgumentException wrong) {
        throw new FormatException(source, "line " + number, String.valueOf(wrong.getMessage()));
      }
    }
    if (reader.lines.isEmpty()) {
      throw new FormatException(source, "text", "gives nothing a value: it is no wiring");
    }
    return new Wiring(
        name, reader.title, reader.mechanism, reader.settings, reader.sizes, reader.lines);
  }

  private void line(int number, String line) {
    if (line.startsWith("#")) {
      title = title.isEmpty() ? line.substring(1).strip() : title;
      return;
    }
    String bare = line.replaceFirst("\\s+#.*", "");
    if (bare.isEmpty()) {
      return;
    }
    List<String> words = List.of(bare.split("\\s+", -1));
    switch (words.getFirst()) {
      case "mechanism" -> mechanism(words);
      case "with" -> sizes.add(size(bare.substring("with".length()).strip()));
      case "run" -> enter(Part.RESULTS, words);
      case "expect" -> enter(Part.EXPECTED, words);
      default -> lines.computeIfAbsent(part, _ -> new ArrayList<>()).add(given(number, bare));
    }
  }

  private void mechanism(List<String> words) {
    Require.argument(
        mechanism == null && lines.isEmpty() && part == Part.INPUTS,
        "'mechanism' stands once, before all values");
    Require.argument(words.size() > 1, "'mechanism' lacks an id");
    mechanism = words.get(1);
    settings = Settings.parse(words.subList(2, words.size()));
  }

  private void enter(Part next, List<String> words) {
    Require.argument(words.size() == 1, "'%s' stands alone on its line", words.getFirst());
    Require.argument(
        next.compareTo(part) > 0, "'%s' stands once: run, then expect", words.getFirst());
    part = next;
  }

  private static Size size(String text) {
    if (text.matches("[A-Za-z_]\\w*")) {
      return new Size(text, null);
    }
    Line line = given(0, text);
    Require.argument(!line.optional(), "'with' takes a name, or name = default");
    return new Size(line.name(), line.value());
  }

  private static Line given(int number, String text) {
    Matcher matcher = GIVEN.matcher(text);
    Require.argument(
        matcher.matches(),
        "'%s' is none of: mechanism, with, run, expect, name = value, name ?= value",
        text);
    return new Line(
        number,
        matcher.group("name"),
        matcher.group("sign").startsWith("?"),
        ExpressionReader.read(matcher.group("value")));
  }
}
