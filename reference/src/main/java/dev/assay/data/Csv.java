package dev.assay.data;

import dev.assay.file.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values of RFC 4180: a field in double quotes may hold commas and line ends, and a
 * quote as two.
 */
final class Csv {
  private static final int MOST_FIELDS = 1024;

  private final Path file;
  private final String text;
  private int at;
  private int line = 1;

  private Csv(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * A record and where it began.
   *
   * @param line number of its first line
   * @param fields what stood between the commas, unquoted
   */
  record Row(int line, List<String> fields) {}

  /** All records of a text; empty lines are none. */
  static List<Row> rows(Path file, String text) throws FormatException {
    Csv csv = new Csv(file, text);
    List<Row> rows = new ArrayList<>();
    while (csv.at < text.length()) {
      Row row = csv.row();
      if (row.fields.size() > 1 || !row.fields.getFirst().isEmpty()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private Row row() throws FormatException {
    int first = line;
    List<String> fields = new ArrayList<>();
    do {
      fields.add(here('"') ? quoted() : plain());
      if (fields.size() > MOST_FIELDS) {
        throw fault(first, "has more than " + MOST_FIELDS + " fields");
      }
    } while (take(','));
    take('\r');
    if (!take('\n') && at < text.length()) {
      throw fault(first, "has text behind a closing quote: double a quote within a field");
    }
    return new Row(first, fields);
  }

  private boolean here(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean take(char c) {
    if (!here(c)) {
      return false;
    }
    line += c == '\n' ? 1 : 0;
    at++;
    return true;
  }

  private String plain() {
    int from = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() throws FormatException {
    int first = line;
    StringBuilder field = new StringBuilder();
    take('"');
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        throw fault(first, "has a quote that is never closed");
      }
      String piece = text.substring(at, quote);
      field.append(piece);
      line += (int) piece.chars().filter(c -> c == '\n').count();
      at = quote + 1;
      if (!take('"')) {
        return field.toString();
      }
      field.append('"');
    }
  }

  private FormatException fault(int where, String rule) {
    return DataFile.fault(file, "line " + where, rule);
  }
}
