package dev.assay.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loaders on the real files; what their notes say of them must be found. */
class SharedDataTest {
  private static int[] counts(List<LabelledText> texts, int classes) {
    int[] counts = new int[classes];
    texts.forEach(text -> counts[text.label()]++);
    return counts;
  }

  @Test
  void ag_news_has_1900_tests_of_each_topic() throws IOException {
    int[] counts = counts(AgNews.read(SharedData.file("ag-news/test.csv.gz")), 4);
    assertEquals("[1900, 1900, 1900, 1900]", Arrays.toString(counts));
  }

  @Test
  void the_pieces_of_ag_news_have_their_numbers_of_topics() throws IOException {
    assertEquals(
        "[477, 338, 408, 777]",
        Arrays.toString(counts(AgNews.read(SharedData.file("ag-news/train_first2000.csv.gz")), 4)));
    assertEquals(
        "[1259, 1257, 1281, 1203]",
        Arrays.toString(
            counts(AgNews.read(SharedData.file("ag-news/train_hf_sample5000.csv.gz")), 4)));
    assertEquals(
        "[2000, 0, 0, 2000]",
        Arrays.toString(
            counts(AgNews.read(SharedData.file("ag-news/train_hf_world_scitech4000.csv.gz")), 4)));
  }

  @Test
  void reviews_and_sentences_have_their_numbers() throws IOException {
    assertEquals(
        "[500, 500]",
        Arrays.toString(counts(Sentiment.read(SharedData.file("imdb/val.tsv.gz")), 2)));
    assertEquals(
        "[428, 444]", Arrays.toString(counts(Sentiment.read(SharedData.file("sst2/dev.tsv")), 2)));
  }

  @Test
  void wikitext_has_its_number_of_tokens() throws IOException {
    assertEquals(217_646, PlainText.words(SharedData.file("wikitext-2/valid.txt.gz")).size());
  }

  @Test
  void shakespeare_has_65_characters() throws IOException {
    String text = PlainText.read(SharedData.file("tinyshakespeare/input.txt"));
    assertEquals(1_115_394, text.length());
    assertEquals(65, text.chars().distinct().count());
  }

  @Test
  void etth1_has_the_means_and_deviations_of_its_training_part() throws IOException {
    Series series = Series.read(SharedData.file("etth1/ETTh1.csv"));
    assertEquals(17_420, series.moments());
    Series scaled = series.scaled(0, ForecastSplit.hourly().train());
    int oil = series.channels().indexOf("OT");
    // (value - 17.1283) / 9.1765 of the first row; the constants are known to four places.
    assertEquals((30.5310001373291 - 17.1283) / 9.1765, scaled.values().at(0, oil), 2e-5);
  }

  @Test
  void the_last_value_forecasts_etth1_as_well_as_is_known() throws IOException {
    ForecastSplit split = ForecastSplit.hourly();
    Series series =
        Series.read(SharedData.file("etth1/ETTh1.csv")).scaled(0, split.train()).channel("OT");
    int[] starts = split.testStarts(1, 24);
    double error = 0;
    for (int start : starts) {
      for (int t = 1; t <= 24; t++) {
        double gap = series.values().get(start + t) - series.values().get(start);
        error += Math.abs(gap) / (24.0 * starts.length);
      }
    }
    assertEquals(0.139, error, 5e-4);
  }

  @Test
  void mnist_and_the_digits_have_their_images() throws IOException {
    Images digits = Images.digits(SharedData.file("optdigits/optdigits.tes"));
    assertEquals(1797, digits.count());
    Images mnist =
        Images.idx(
            SharedData.file("mnist-t10k/t10k-images-idx3-ubyte.gz"),
            SharedData.file("mnist-t10k/t10k-labels-idx1-ubyte.gz"));
    assertEquals(10_000, mnist.count());
    assertEquals(7, mnist.labels()[0]);
  }

  @Test
  void translations_have_their_numbers_of_lines() throws IOException {
    assertEquals(
        1014,
        PlainText.parallel(
                SharedData.file("multi30k/val.en.gz"), SharedData.file("multi30k/val.de.gz"))
            .size());
    List<PlainText.Pair> pairs =
        PlainText.references(SharedData.file("wmt14-extra-refs/wmt14-en-de.extra_refs.gz"));
    assertEquals(500, pairs.size());
    assertEquals(11, pairs.getFirst().targets().size());
  }
}
