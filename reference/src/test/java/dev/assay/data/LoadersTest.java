package dev.assay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadersTest {
  @TempDir private Path folder = Path.of("");

  private Path text(String content) throws IOException {
    return Files.writeString(folder.resolve("file"), content);
  }

  private Path bytes(int... content) throws IOException {
    byte[] bytes = new byte[content.length];
    for (int p = 0; p < bytes.length; p++) {
      bytes[p] = (byte) content[p];
    }
    return Files.write(folder.resolve("file"), bytes);
  }

  /** The sentence names the file and the rule. */
  private static void refused(String rule, Executable read) {
    FormatException refusal = assertThrows(FormatException.class, read);
    assertTrue(String.valueOf(refusal.getMessage()).contains("file"), refusal::getMessage);
    assertTrue(String.valueOf(refusal.getMessage()).contains(rule), refusal::getMessage);
  }

  @Test
  void ag_news_is_read_in_both_its_forms() throws IOException {
    Path official = text("\"3\",\"A \"\"title\"\"\",\"one, two\"\n\"1\",\"B\",\"x\\y\"\r\n");
    assertEquals(
        List.of(new LabelledText(2, "A \"title\" one, two"), new LabelledText(0, "B x\\y")),
        AgNews.read(official));
    Path other = text("plain words,3\n\"quoted, words\nin two lines\",sci_tech\n");
    assertEquals(
        List.of(
            new LabelledText(3, "plain words"), new LabelledText(3, "quoted, words\nin two lines")),
        AgNews.read(other));
    assertEquals("it's a b", AgNews.plain("It#39;s a\\b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"5\",\"a\",\"b\"|line 1, class: is '5'",
        "\"1\",\"a|a quote that is never closed",
        "\"1\"x,\"a\",\"b\"|text behind a closing quote",
        "a,b,c,d|has 4 fields",
        "a,7|line 1, label: is '7'",
      })
  void a_broken_row_of_ag_news_is_refused(String row, String rule) throws IOException {
    Path file = text(row);
    refused(rule, () -> AgNews.read(file));
  }

  @Test
  void reviews_may_hold_tabs() throws IOException {
    Path file = text("label\tid\trating\ttext\n1\t7\t9\tgood\tfilm<br />yes\n");
    assertEquals(List.of(new LabelledText(1, "good\tfilm<br />yes")), Sentiment.read(file));
    assertEquals("good film yes", Sentiment.plain("Good film<br />yes"));
    Path sentences = text("sentence\tlabel\nbad film\t0\n");
    assertEquals(List.of(new LabelledText(0, "bad film")), Sentiment.read(sentences));
  }

  @Test
  void a_file_of_another_form_is_no_sentiment() throws IOException {
    Path other = text("text\tlabel\nbad\t0\n");
    refused("header", () -> Sentiment.read(other));
    Path label = text("sentence\tlabel\nbad\t2\n");
    refused("line 2, label", () -> Sentiment.read(label));
    Path fields = text("sentence\tlabel\nbad 0\n");
    refused("has 1 fields", () -> Sentiment.read(fields));
  }

  @Test
  void every_line_of_wikitext_ends_with_its_mark() throws IOException {
    Path file = text(" \n = Title = \n");
    assertEquals(List.of("<eos>", "=", "Title", "=", "<eos>"), PlainText.words(file));
    assertEquals(List.of("don't", ",", "stop", "!"), PlainText.wordsAndMarks("don't, stop!"));
  }

  @Test
  void packed_text_is_unpacked() throws IOException {
    Path file = folder.resolve("file");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("one\ntwo".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(List.of("one", "two"), DataFile.lines(file));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));
    refused("gzip", () -> DataFile.lines(file));
  }

  @Test
  void hostile_files_are_refused_in_a_sentence() throws IOException {
    Path broken = bytes('a', 0xC3, 0x28);
    refused("is not UTF-8", () -> PlainText.read(broken));
    refused("is not a regular file", () -> DataFile.bytes(folder, 10));
    Path long1 = bytes(1, 2, 3, 4);
    refused("more than 3 bytes", () -> DataFile.bytes(long1, 3));
    Path missing = folder.resolve("missing");
    assertThrows(NoSuchFileException.class, () -> PlainText.read(missing));
  }

  @Test
  void translations_are_paired_line_by_line() throws IOException {
    Path source = Files.writeString(folder.resolve("en"), "a\nb\n");
    Path target = Files.writeString(folder.resolve("file.de"), "x\ny");
    assertEquals(new PlainText.Pair("b", List.of("y")), PlainText.parallel(source, target).get(1));
    Files.writeString(target, "x\n");
    refused("has 1 lines", () -> PlainText.parallel(source, target));
  }

  @Test
  void references_are_gathered_by_sentence() throws IOException {
    Path file = text("S-3\tone\nT-3\teins\nR1-3\tein\n");
    assertEquals(
        List.of(new PlainText.Pair("one", List.of("eins", "ein"))), PlainText.references(file));
    Path early = text("T-3\teins\n");
    refused("has no source", () -> PlainText.references(early));
    Path mark = text("X-3\teins\n");
    refused("begins with no", () -> PlainText.references(mark));
  }

  @Test
  void a_series_must_not_skip_a_moment() throws IOException {
    String head = "date,A,B\n2016-07-01 00:00:00,1,2\n2016-07-01 01:00:00,3,-4e0\n";
    Series series = Series.read(text(head));
    assertEquals(List.of("A", "B"), series.channels());
    assertArrayEquals(new double[] {1, 2, 3, -4}, series.values().toDoubles());
    assertArrayEquals(new double[] {2, -4}, series.channel("B").values().toDoubles());
    assertArrayEquals(new double[] {-1, 1, 1, -1}, series.scaled(0, 2).values().toDoubles());
    Path gap = text(head + "2016-07-01 03:00:00,1,2\n");
    refused("line 4: breaks the series", () -> Series.read(gap));
    Path number = text(head + "2016-07-01 02:00:00,1,NaN\n");
    refused("line 4, B: is 'NaN'", () -> Series.read(number));
    Path fields = text(head + "2016-07-01 02:00:00,1\n");
    refused("has 2 fields", () -> Series.read(fields));
    Path date = text(head + "tomorrow,1,2\n");
    refused("has the date 'tomorrow'", () -> Series.read(date));
    Path header = text("time,A\n1,2\n");
    refused("header", () -> Series.read(header));
  }

  @Test
  void windows_of_a_split_begin_so_that_what_is_forecast_lies_in_their_part() {
    ForecastSplit split = ForecastSplit.hourly();
    assertEquals(2880 - 24 + 1, split.testStarts(96, 24).length);
    assertEquals(11520 - 96, split.testStarts(96, 24)[0]);
    assertEquals(8640 - 96 - 24 + 1, split.trainStarts(96, 24).length);
    assertEquals(11520 - 24 - 96, split.validStarts(96, 24)[2880 - 24]);
  }

  @Test
  void idx_files_are_read_and_checked() throws IOException {
    Path good = bytes(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 255);
    assertArrayEquals(new double[] {7, 255}, IdxFile.read(good).toDoubles());
    assertEquals(Shape.of(1, 2), IdxFile.read(good).shape());
    Path magic = bytes(1, 0, 8, 1, 0, 0, 0, 0);
    refused("magic", () -> IdxFile.read(magic));
    Path type = bytes(0, 0, 13, 1, 0, 0, 0, 0);
    refused("type 13", () -> IdxFile.read(type));
    Path cut = bytes(0, 0, 8, 2, 0, 0, 0, 1);
    refused("are cut off", () -> IdxFile.read(cut));
    Path length = bytes(0, 0, 8, 1, 0, 0, 0, 2, 1);
    refused("the header promises 2", () -> IdxFile.read(length));
    Path huge = bytes(0, 0, 8, 2, 0x7f, 255, 255, 255, 0x7f, 255, 255, 255);
    refused("extents", () -> IdxFile.read(huge));
    Path negative = bytes(0, 0, 8, 1, 255, 255, 255, 255);
    refused("extents", () -> IdxFile.read(negative));
  }

  @Test
  void images_and_labels_must_belong_together() throws IOException {
    Path images =
        Files.write(
            folder.resolve("images"),
            new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, -1});
    Path labels = bytes(0, 0, 8, 1, 0, 0, 0, 1, 4);
    Images read = Images.idx(images, labels);
    assertEquals(1, read.pixels().get(0));
    assertArrayEquals(new int[] {4}, read.labels());
    Path two = bytes(0, 0, 8, 1, 0, 0, 0, 2, 4, 4);
    refused("one label an image", () -> Images.idx(images, two));
  }

  @Test
  void cifar_has_planes_of_colours() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(19);
    data.writeByte(99);
    for (int p = 0; p < 3072; p++) {
      data.writeByte(p == 1 ? 255 : p == 1024 + 1 ? 51 : 0);
    }
    Path file = Files.write(folder.resolve("file"), out.toByteArray());
    Images images = Images.cifar(file, Images.Cifar.CIFAR_100);
    assertArrayEquals(new int[] {99}, images.labels());
    assertEquals(1, images.pixels().at(0, 0, 1, 0));
    assertEquals(0.2, images.pixels().at(0, 0, 1, 1));
    refused("a multiple of 3073", () -> Images.cifar(file, Images.Cifar.CIFAR_10));
    data.writeByte(0);
    data.writeByte(100);
    data.write(new byte[3072]);
    Files.write(file, out.toByteArray());
    refused("has label 100", () -> Images.cifar(file, Images.Cifar.CIFAR_100));
  }

  @Test
  void digits_are_scaled_and_an_empty_line_is_none() throws IOException {
    String row = "16," + "0,".repeat(63) + "5\n";
    Images images = Images.digits(text(row + "\n"));
    assertEquals(1, images.count());
    assertEquals(1, images.pixels().get(0));
    assertEquals(5, images.labels()[0]);
    Path bad = text(row.replace("16,", "17,"));
    refused("is '17'", () -> Images.digits(bad));
  }
}
