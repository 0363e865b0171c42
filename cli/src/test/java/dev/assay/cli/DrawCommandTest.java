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
    // Two columns of panels: 880 pixels for 8 tokens; 15 of 64 pairs; the legend has 22 x 22 more.
    assertEquals(15 * 110 * 110 + 22 * 22, coloured);
  }

  @Test
  void an_svg_is_well_formed_and_stands_alone() throws Exception {
    Path file = folder.resolve("x.svg");
    assertEquals(
        ExitCode.PASS,
        draw("hierarchical-chunking", "--n", "40", "--out", file.toString()),
        err.toString());
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    NodeList images = svg.getElementsByTagName("image");
    // The pattern, two heads, and the bar of the legend.
    assertEquals(4, images.getLength());
    for (int i = 0; i < images.getLength(); i++) {
      assertTrue(
          images
              .item(i)
              .getAttributes()
              .getNamedItem("href")
              .getNodeValue()
              .startsWith("data:image/png;base64,"));
    }
    String text = svg.getDocumentElement().getTextContent();
    assertTrue(text.contains("own chunk") && text.contains("neighbour +1"), text);
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
}
