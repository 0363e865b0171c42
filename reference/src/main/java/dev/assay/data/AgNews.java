package dev.assay.data;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The AG News corpus, four topics: Zhang, Zhao and LeCun, "Character-level convolutional networks
 * for text classification" (2015). Reads the official form, {@code "class 1..4","title",
 * "description"}, and that of two columns, text and then label, a number 0..3 or a name.
 */
public final class AgNews {
  /** The topics by label. */
  public static final List<String> CLASSES = List.of("World", "Sports", "Business", "Sci/Tech");

  private static final List<String> NAMES = List.of("world", "sports", "business", "sci_tech");

  private AgNews() {}

  /**
   * All rows, text as title, space and description.
   *
   * @throws FormatException if a row is neither form
   */
  public static List<LabelledText> read(Path file) throws IOException {
    List<LabelledText> texts = new ArrayList<>();
    for (Csv.Row row : Csv.rows(file, DataFile.text(file))) {
      String field = "line " + row.line();
      List<String> fields = row.fields();
      switch (fields.size()) {
        case 3 -> {
          int topic = DataFile.integer(file, field + ", class", fields.get(0), 1, 4);
          texts.add(new LabelledText(topic - 1, fields.get(1) + " " + fields.get(2)));
        }
        case 2 -> texts.add(new LabelledText(label(file, field, fields.get(1)), fields.get(0)));
        default ->
            throw DataFile.fault(
                file,
                field,
                "has "
                    + fields.size()
                    + " fields: class, title and description, or text and label");
      }
    }
    return texts;
  }

  private static int label(Path file, String field, String text) throws FormatException {
    int named = NAMES.indexOf(text);
    return named >= 0 ? named : DataFile.integer(file, field + ", label", text, 0, 3);
  }

  /**
   * A text as a model reads it: entities without their ampersand resolved ({@code #39;}),
   * backslashes as spaces, lower case.
   */
  public static String plain(String text) {
    return text.replace('\\', ' ')
        .replace("#39;", "'")
        .replace("#36;", "$")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("quot;", "\"")
        .toLowerCase(Locale.ROOT);
  }
}
