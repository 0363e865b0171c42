package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures in the documents are what their commands draw today. */
class PicturesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path TEXT = Path.of("../../shared/data/tinyshakespeare/input.txt");
  private static final Pattern IMAGE = Pattern.compile("base64,([A-Za-z0-9+/=]+)");
  private static final Pattern DRAWS =
      Pattern.compile("`?\\./assay (draw [^`\n]+ --out ([^`\\s]+))`?\n");

  @TempDir private Path folder = Path.of("");

  private void assay(String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter both = new PrintWriter(said);
    int code = Assay.commandLine().setOut(both).setErr(both).execute(arguments);
    assertEquals(ExitCode.PASS, code, said::toString);
  }

  /** Draws with the one command of a document, and compares with the picture in the documents. */
  private void redraw(String document, String in) throws IOException {
    MatchResult command =
        DRAWS.matcher(Files.readString(DOCS.resolve(document))).results().findFirst().orElseThrow();
    String name = String.valueOf(Path.of(command.group(2)).getFileName());
    String[] words = command.group(1).split(" ");
    words[words.length - 1] = folder.resolve(name).toString();
    words =
        Arrays.stream(words).map(w -> w.equals("x.safetensors") ? in : w).toArray(String[]::new);
    assay(words);
    assertEquals(
        pixels(DOCS.resolve("pictures").resolve(name)),
        pixels(folder.resolve(name)),
        name + " is stale: draw it again with './assay " + command.group(1) + "'");
  }

  /** The text of a picture, with each image replaced by a digest of what it shows. */
  private static String pixels(Path svg) throws IOException {
    return IMAGE.matcher(Files.readString(svg)).replaceAll(image -> digest(image.group(1)));
  }

  /** Two machines may pack the same pixels differently. */
  private static String digest(String base64) {
    try {
      byte[] png = Base64.getDecoder().decode(base64);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
      int width = image.getWidth();
      int[] argb = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
      return width + "x" + image.getHeight() + "#" + Arrays.hashCode(argb);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Test
  void the_readme_shows_what_is_drawn_today() throws IOException {
    redraw("../README.md", "");
  }

  @Test
  void the_walkthrough_shows_what_is_drawn_today() throws IOException {
    assumeTrue(Files.exists(TEXT), "skipped: not there: " + TEXT);
    String in = folder.resolve("x.safetensors").toString();
    assay("embed", TEXT.toString(), "--n", "4096", "--heads", "2", "--d", "64", "--out", in);
    redraw("walkthrough.md", in);
  }

  @Test
  void a_rule_has_the_same_colour_in_both_pictures() throws IOException {
    String readme = colour("hierarchical-chunking.svg");
    assertEquals(readme, colour("shakespeare.svg"));
  }

  /** The colour beside 'own chunk' in the legend. */
  private static String colour(String name) throws IOException {
    String text = Files.readString(DOCS.resolve("pictures").resolve(name));
    Pattern item = Pattern.compile("fill=\"(#[0-9A-Fa-f]{6})\"[^>]*/>\\s*<text[^>]*>own chunk: ");
    return item.matcher(text).results().findFirst().orElseThrow().group(1);
  }
}
