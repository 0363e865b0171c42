package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The files of the documentation that are made from the catalogue. */
public final class GeneratedDocs {
  private static final String BEGIN = "<!-- mechanisms: made by './assay docs --write' -->\n";
  private static final String END = "<!-- end of mechanisms -->\n";

  /** Those that every build has; others would make the table depend on who writes it. */
  private static final List<String> ENGINES = List.of("scalar", "simd");

  private GeneratedDocs() {}

  /** Draws pictures; whoever reads the command line can. */
  @FunctionalInterface
  public interface Pictures {
    /** The SVG that {@code assay draw} makes of these words. */
    String svg(List<String> words) throws IOException;
  }

  /**
   * What the files should say today, by path below the project's root: a page and a picture for
   * each mechanism, a gallery of all, a page for all block layouts, and README.md with the table
   * between its two marks.
   */
  public static SequencedMap<String, String> of(Path root, Pictures pictures) throws IOException {
    SequencedMap<String, String> files = new TreeMap<>();
    for (Mechanism mechanism : MechanismCatalog.all()) {
      files.put("docs/mechanisms/" + mechanism.id() + ".md", MechanismPage.of(mechanism));
      Specimen specimen = Specimen.of(mechanism);
      files.put(specimen.file(), pictures.svg(specimen.words()));
    }
    files.put("docs/gallery.md", GalleryPage.of());
    List<Engine> engines = ENGINES.stream().map(Engines::find).toList();
    files.put("docs/layouts.md", LayoutPage.of());
    String readme = Files.readString(root.resolve("README.md"));
    files.put("README.md", between(readme, MechanismTable.of(Suite.load(), engines)));
    return files;
  }

  private static String between(String readme, String table) {
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    Require.argument(
        begin >= 0 && end > begin,
        "README.md lacks the marks of the table of mechanisms: a line '%s', and below it '%s'",
        BEGIN.strip(),
        END.strip());
    return readme.substring(0, begin + BEGIN.length())
        + "\n"
        + table
        + "\n"
        + readme.substring(end);
  }
}
