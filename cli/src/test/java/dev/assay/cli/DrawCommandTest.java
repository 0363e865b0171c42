package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class DrawCommandTest {
  /** The first colour of the palette, which the most frequent kind of rule has. */
  private static final int MOST_FREQUENT = 0x4477AA;

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int draw(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "draw";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  private static long count(BufferedImage image, int rgb) {
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) == rgb) {
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void without_a_file_the_pattern_is_printed() {
    assertEquals(ExitCode.PASS, draw("sliding-window", "--set", "window=2", "--n", "4"));
    assertEquals(
        List.of(
            "softmax 1, all heads: 4 queries down, 4 keys across, 7 pairs",
            "█▄  ",
            " ▀█▄",
            "by rule: window"),
        out.toString().lines().toList());
  }

  @Test
  void a_png_shows_each_pair_as_a_square_of_whole_pixels() throws IOException {
    Path file = folder.resolve("x.png");
    assertEquals(
        ExitCode.PASS,
        draw(
            "sliding-window",
            "--set",
            "window=2",
            "--n",
            "8",
            "--heads",
            "1",
            "--out",
            file.toString()),
        err.toString());
    long coloured = count(ImageIO.read(file.toFile()), MOST_FREQUENT);
    // Two columns of panels: 600 pixels for 8 tokens; 15 of 64 pairs; the legend has 22 x 22 more.
    assertEquals(15 * 75 * 75 + 22 * 22, coloured);
  }

  @Test
  void an_svg_is_well_formed_and_stands_alone() throws Exception {
    Path file = folder.resolve("x.svg");
    assertEquals(
        ExitCode.PASS,
        draw("hierarchical-chunking", "--n", "40", "--out", file.toString()),
        err.toString());
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    // The pattern, two heads, and the bar of the legend.
    assertEquals(4, svg.getElementsByTagName("g").getLength());
    assertEquals(0, svg.getElementsByTagName("image").getLength());
    String text = svg.getDocumentElement().getTextContent();
    assertTrue(text.contains("own chunk") && text.contains("neighbour +1"), text);
  }

  @Test
  void panels_of_many_cells_are_embedded_images() throws Exception {
    Path file = folder.resolve("x.svg");
    draw("dense", "--n", "100", "--d", "2", "--heads", "1", "--out", file.toString());
    NodeList images =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getElementsByTagName("image");
    assertEquals(2, images.getLength());
    String source = images.item(0).getAttributes().getNamedItem("href").getNodeValue();
    assertTrue(source.startsWith("data:image/png;base64,"), source);
  }

  @Test
  void several_softmaxes_are_drawn_one_below_the_other() throws IOException {
    Path file = folder.resolve("x.svg");
    draw(
        "hierarchical-chunking", "--set", "combination=SUM", "--n", "20", "--out", file.toString());
    String svg = Files.readString(file);
    assertTrue(svg.contains("softmax 1 of 2") && svg.contains("softmax 2 of 2"));
  }

  @Test
  void the_same_command_gives_the_same_bytes() throws IOException {
    Path first = folder.resolve("a.png");
    Path second = folder.resolve("b.png");
    draw("block-sparse", "--n", "50", "--out", first.toString());
    draw("block-sparse", "--n", "50", "--out", second.toString());
    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void long_sequences_are_gathered_into_cells() throws IOException {
    Path file = folder.resolve("x.png");
    assertEquals(
        ExitCode.PASS,
        draw(
            "sliding-window",
            "--n",
            "900",
            "--d",
            "2",
            "--heads",
            "1",
            "--cells",
            "30",
            "--out",
            file.toString()),
        err.toString());
    assertTrue(ImageIO.read(file.toFile()).getWidth() < 2200);
  }

  @Test
  void another_kind_of_file_is_a_usage_error() {
    assertEquals(ExitCode.USAGE, draw("dense", "--out", "x.gif"));
    assertTrue(err.toString().contains(".png or .svg"), err.toString());
  }

  @Test
  void an_unknown_mechanism_is_a_usage_error() {
    assertEquals(ExitCode.USAGE, draw("psychic"));
    assertTrue(err.toString().contains("psychic"), err.toString());
  }

  @Test
  void a_batch_entry_that_does_not_exist_is_refused_and_nothing_is_written() {
    Path file = folder.resolve("x.png");
    assertEquals(
        ExitCode.MALFORMED, draw("dense", "--n", "4", "--batch", "1", "--out", file.toString()));
    assertFalse(Files.exists(file));
  }

  @Test
  void a_missing_input_is_named() {
    assertEquals(
        ExitCode.MALFORMED, draw("dense", "--in", folder.resolve("no.safetensors").toString()));
    assertTrue(err.toString().contains("no.safetensors does not exist"), err.toString());
  }

  @Test
  void a_folder_that_does_not_exist_is_named() {
    assertEquals(
        ExitCode.MALFORMED,
        draw("dense", "--n", "4", "--out", folder.resolve("no/x.png").toString()));
    assertTrue(err.toString().contains("its folder does not exist"), err.toString());
  }

  private String drawn(String... arguments) throws IOException {
    Path file = folder.resolve("drawn.svg");
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--out";
    all[arguments.length + 1] = file.toString();
    assertEquals(ExitCode.PASS, draw(all), err.toString());
    return Files.readString(file);
  }

  @Test
  void only_chosen_heads_and_panels_are_drawn() throws IOException {
    String svg =
        drawn("moba", "--n", "64", "--heads", "4", "--head", "1,3", "--show", "weights,density");
    assertTrue(svg.contains("weights, head 1") && svg.contains("weights, head 3"), svg);
    assertTrue(svg.contains("blocks of 8, head 1"), svg);
    assertFalse(svg.contains("head 0") || svg.contains("head 2") || svg.contains("pattern"), svg);
  }

  @Test
  void a_head_that_does_not_exist_is_refused() {
    assertEquals(ExitCode.MALFORMED, draw("dense", "--n", "4", "--heads", "2", "--head", "2"));
    assertTrue(err.toString().contains("--head is 2"), err.toString());
  }

  @Test
  void the_words_of_a_text_stand_along_both_axes() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), "To be, or not\nto be <that>");
    String svg = drawn("dense", "--text", text.toString(), "--heads", "1");
    for (String word : List.of("To", "be", ",", "not", "&lt;", "that")) {
      long times = svg.lines().filter(line -> line.endsWith(">" + word + "</text>")).count();
      assertTrue(times >= 4, word + " stands " + times + " times");
    }
    assertTrue(svg.contains("t.txt, all 10 words and marks; n = 10"), svg);
  }

  @Test
  void the_bytes_of_a_text_are_visible() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), "a b\ncdefgh");
    String svg = drawn("dense", "--text", text.toString(), "--unit", "byte", "--n", "6");
    assertTrue(svg.contains(">␣</text>") && svg.contains(">\\n</text>"), svg);
    assertTrue(svg.contains("the first 6 of 10 bytes"), svg);
  }

  @Test
  void a_text_too_long_for_labels_is_drawn_with_numbers_and_a_sentence() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), "word ".repeat(90));
    String svg = drawn("sliding-window", "--text", text.toString(), "--n", "80", "--d", "4");
    assertFalse(svg.contains(">word</text>"), svg);
    assertTrue(svg.contains("80 tokens are too many for labels"), svg);
  }

  @Test
  void a_text_and_tensors_are_not_taken_together() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), "a");
    assertEquals(ExitCode.USAGE, draw("dense", "--text", text.toString(), "--in", "x.safetensors"));
    assertTrue(err.toString().contains("leave one out"), err.toString());
  }

  @Test
  void an_empty_text_is_refused() throws IOException {
    Path text = Files.writeString(folder.resolve("t.txt"), " \n");
    assertEquals(ExitCode.MALFORMED, draw("dense", "--text", text.toString()));
    assertTrue(err.toString().contains("at least one token"), err.toString());
  }

  @Test
  void what_has_no_softmax_over_tokens_shows_what_values_count_for() throws IOException {
    String svg = drawn("linformer", "--n", "16", "--heads", "1");
    assertTrue(svg.contains("d out_i / d v_j") && svg.contains("below 0"), svg);
  }
}
