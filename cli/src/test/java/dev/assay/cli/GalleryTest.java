package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.cli.docs.Specimen;
import dev.assay.mechanism.Mechanism;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The pictures of the mechanisms: that they are as fresh as the pages says DocsCommandTest. */
class GalleryTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final int LARGEST = 25 * 1024;
  private static final int LARGEST_TOGETHER = 1024 * 1024;

  @TempDir private Path folder = Path.of("");

  static List<Mechanism> mechanisms() {
    return MechanismCatalog.all();
  }

  private static Path picture(Mechanism mechanism) {
    return DOCS.resolve("pictures").resolve(mechanism.id() + ".svg");
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void a_picture_is_a_small_svg_of_vectors_that_shows_something(Mechanism mechanism)
      throws Exception {
    Path file = picture(mechanism);
    assertTrue(Files.size(file) <= LARGEST, file + " has " + Files.size(file) + " bytes");
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    assertEquals("svg", svg.getDocumentElement().getTagName());
    assertEquals(0, svg.getElementsByTagName("image").getLength());
    String text = svg.getDocumentElement().getTextContent();
    assertTrue(text.contains(mechanism.card().title()), text);
    assertTrue(colours(svg).size() >= 3, "a pattern or weights, and their legend");
  }

  private static Set<String> colours(Document svg) {
    Set<String> colours = new TreeSet<>();
    NodeList paths = svg.getElementsByTagName("path");
    for (int p = 0; p < paths.getLength(); p++) {
      Element path = (Element) paths.item(p);
      colours.add(path.getAttribute("fill") + path.getAttribute("stroke"));
    }
    return colours;
  }

  @Test
  void all_pictures_together_are_small() throws IOException {
    long bytes = 0;
    for (Mechanism mechanism : mechanisms()) {
      bytes += Files.size(picture(mechanism));
    }
    assertTrue(bytes <= LARGEST_TOGETHER, bytes + " bytes");
  }

  @Test
  void the_gallery_shows_every_mechanism_with_its_page_and_its_command() throws IOException {
    String gallery = Files.readString(DOCS.resolve("gallery.md"));
    for (Mechanism mechanism : mechanisms()) {
      String id = mechanism.id();
      for (String part :
          List.of(
              "(mechanisms/" + id + ".md)",
              "(pictures/" + id + ".svg)",
              mechanism.card().idea(),
              "`" + Specimen.of(mechanism).command() + "`")) {
        assertEquals(
            2, (gallery + " ").split(java.util.regex.Pattern.quote(part), -1).length, part);
      }
    }
    assertEquals(mechanisms().size(), gallery.lines().filter(l -> l.startsWith("![")).count());
  }

  @Test
  void every_picture_belongs_to_a_mechanism_or_to_a_page() throws IOException {
    TreeSet<String> expected =
        new TreeSet<>(List.of("kill-matrix.svg", "recall.svg", "shakespeare.svg"));
    mechanisms().forEach(mechanism -> expected.add(mechanism.id() + ".svg"));
    TreeSet<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.list(DOCS.resolve("pictures"))) {
      files.forEach(file -> found.add(file.getFileName().toString()));
    }
    assertEquals(expected, found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"longformer", "moba", "nystromformer"})
  void the_command_beside_a_picture_draws_its_very_bytes(String id) throws IOException {
    List<String> words = new ArrayList<>(Specimen.of(MechanismCatalog.find(id)).words());
    Path drawn = folder.resolve(id + ".svg");
    words.set(words.size() - 1, drawn.toString());
    words.addFirst("draw");
    StringWriter said = new StringWriter();
    PrintWriter both = new PrintWriter(said);
    int code = Assay.commandLine().setOut(both).setErr(both).execute(words.toArray(String[]::new));
    assertEquals(ExitCode.PASS, code, said.toString());
    assertEquals(-1, Files.mismatch(picture(MechanismCatalog.find(id)), drawn));
  }
}
