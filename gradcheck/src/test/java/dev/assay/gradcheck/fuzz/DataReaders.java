package dev.assay.gradcheck.fuzz;

import dev.assay.data.AgNews;
import dev.assay.data.IdxFile;
import dev.assay.data.Images;
import dev.assay.data.PlainText;
import dev.assay.data.Sentiment;
import dev.assay.data.Series;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The readers of data sets. */
final class DataReaders {
  private static final String SERIES =
      "date,a,b\n2016-07-01 00:00:00,1,2.5\n2016-07-01 01:00:00,-3,4e-1\n2016-07-01 02:00:00,0,7\n";
  private static final String DIGITS = "0,16,".repeat(32) + "7\n";

  private final Path file = Scratch.folder().resolve("x.data");

  /** Reads a file. */
  @FunctionalInterface
  private interface FromFile {
    Object read(Path file) throws IOException;
  }

  /** All of them. */
  List<FuzzReader> all() throws IOException {
    return List.of(
        reader("data-idx", List.of(idx()), IdxFile::read),
        reader(
            "data-news",
            texts("\"3\",\"A \"\"title\"\"\",\"one, two\"\n", "\"quoted\nlines\",sci_tech\nx,3\n"),
            AgNews::read),
        reader(
            "data-sentiment",
            texts("label\tid\trating\ttext\n1\t7\t9\tgood\tfilm\n", "sentence\tlabel\nbad\t0\n"),
            Sentiment::read),
        reader("data-series", texts(SERIES), Series::read),
        reader("data-digits", texts(DIGITS), Images::digits),
        reader("data-pairs", texts("S-1\tone\nT-1\teins\nR1-1\tein\n"), PlainText::references));
  }

  private FuzzReader reader(String name, List<byte[]> corpus, FromFile from) {
    return new FuzzReader(
        name,
        file.toString(),
        corpus,
        bytes -> {
          var _ = from.read(Scratch.put(file, bytes));
        });
  }

  /** The texts, and the first of them packed. */
  private static List<byte[]> texts(String... texts) throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    for (String text : texts) {
      corpus.add(text.getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(corpus.getFirst());
    }
    corpus.add(packed.toByteArray());
    return corpus;
  }

  private static byte[] idx() {
    return new byte[] {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, -1};
  }
}
