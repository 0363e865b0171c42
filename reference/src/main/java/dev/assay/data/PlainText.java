package dev.assay.data;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Text without form: characters, bytes, or words with an end of line after each line. */
public final class PlainText {
  /** The word that stands for the end of a line. */
  public static final String END = "<eos>";

  private PlainText() {}

  /** The text of a file, plain or gzip-compressed. */
  public static String read(Path file) throws IOException {
    return DataFile.text(file);
  }

  /**
   * The words of a file of WikiText's form: what white space separates, and {@link #END} behind
   * each line, empty ones included. Merity et al., "Pointer sentinel mixture models" (2016).
   */
  public static List<String> words(Path file) throws IOException {
    List<String> words = new ArrayList<>();
    for (String line : DataFile.lines(file)) {
      words.addAll(split(line));
      words.add(END);
    }
    return words;
  }

  /** What white space separates. */
  public static List<String> split(String line) {
    String stripped = line.strip();
    return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1));
  }

  /** Words and marks: runs of letters, digits and apostrophes, and every other mark by itself. */
  public static List<String> wordsAndMarks(String line) {
    List<String> words = new ArrayList<>();
    int from = -1;
    for (int at = 0; at <= line.length(); at++) {
      char c = at < line.length() ? line.charAt(at) : ' ';
      boolean inside = Character.isLetterOrDigit(c) || c == '\'';
      if (inside && from < 0) {
        from = at;
      } else if (!inside) {
        if (from >= 0) {
          words.add(line.substring(from, at));
          from = -1;
        }
        if (!Character.isWhitespace(c)) {
          words.add(String.valueOf(c));
        }
      }
    }
    return words;
  }

  /** A sentence and its translations. */
  public record Pair(String source, List<String> targets) {}

  /**
   * Two files whose lines translate each other, as Multi30k and WMT come.
   *
   * @throws FormatException if they have different numbers of lines
   */
  public static List<Pair> parallel(Path source, Path target) throws IOException {
    List<String> from = DataFile.lines(source);
    List<String> to = DataFile.lines(target);
    if (from.size() != to.size()) {
      throw DataFile.fault(
          target,
          "lines",
          "has %d lines and %s has %d: line by line they must translate each other"
              .formatted(to.size(), source, from.size()));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int line = 0; line < from.size(); line++) {
      pairs.add(new Pair(from.get(line), List.of(to.get(line))));
    }
    return pairs;
  }

  /**
   * Sentences with several references, {@code S-n, T-n, R1-n ...} and a tab before each text: Ott
   * et al., "Analyzing uncertainty in neural machine translation" (2018).
   *
   * @throws FormatException if a line has no such mark or a translation precedes its source
   */
  public static List<Pair> references(Path file) throws IOException {
    SequencedMap<String, String> sources = new LinkedHashMap<>();
    Map<String, List<String>> targets = new HashMap<>();
    int number = 0;
    for (String line : DataFile.lines(file)) {
      number++;
      int tab = line.indexOf('\t');
      if (tab < 0 || !line.substring(0, tab).matches("(S|T|R\\d{1,3})-\\d{1,9}")) {
        throw DataFile.fault(file, "line " + number, "begins with no S-n, T-n or Rk-n and a tab");
      }
      String id = line.substring(line.indexOf('-') + 1, tab);
      String text = line.substring(tab + 1);
      if (line.charAt(0) == 'S') {
        if (sources.putIfAbsent(id, text) != null) {
          throw DataFile.fault(file, "line " + number, "gives the source of " + id + " again");
        }
      } else if (!sources.containsKey(id)) {
        throw DataFile.fault(file, "line " + number, "translates " + id + ", which has no source");
      } else {
        targets.computeIfAbsent(id, it -> new ArrayList<>()).add(text);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    sources.forEach(
        (id, text) -> pairs.add(new Pair(text, List.copyOf(targets.getOrDefault(id, List.of())))));
    return pairs;
  }
}
