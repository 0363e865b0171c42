package dev.assay.data;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Texts that praise (1) or blame (0), a line each behind a header: IMDb as {@code label, id,
 * rating, text}, and SST-2 as {@code sentence, label}, separated by tabs. Maas et al., "Learning
 * word vectors for sentiment analysis" (2011); Socher et al., "Recursive deep models for semantic
 * compositionality over a sentiment treebank" (2013).
 */
public final class Sentiment {
  private Sentiment() {}

  /**
   * All rows of either form.
   *
   * @throws FormatException if the header is neither, or a row does not fit it
   */
  public static List<LabelledText> read(Path file) throws IOException {
    List<String> lines = DataFile.lines(file);
    String header = lines.isEmpty() ? "" : lines.getFirst();
    boolean reviews = header.equals("label\tid\trating\ttext");
    if (!reviews && !header.equals("sentence\tlabel")) {
      throw DataFile.fault(
          file, "header", "is neither label, id, rating, text nor sentence, label, with tabs");
    }
    List<LabelledText> texts = new ArrayList<>();
    for (int line = 1; line < lines.size(); line++) {
      String row = lines.get(line);
      String field = "line " + (line + 1);
      // Reviews may hold tabs themselves: only the first three separate.
      String[] fields = row.split("\t", reviews ? 4 : -1);
      if (fields.length != (reviews ? 4 : 2)) {
        throw DataFile.fault(file, field, "has " + fields.length + " fields: the header has more");
      }
      int label = DataFile.integer(file, field + ", label", fields[reviews ? 0 : 1], 0, 1);
      texts.add(new LabelledText(label, fields[reviews ? 3 : 0]));
    }
    return texts;
  }

  /** A review as a model reads it: without markup of line breaks, lower case. */
  public static String plain(String text) {
    return text.replaceAll("<br\\s*/?>", " ").toLowerCase(Locale.ROOT);
  }
}
