package dev.assay.gradcheck.suite;

import dev.assay.file.FormatException;
import dev.assay.file.Json;
import dev.assay.gradcheck.suite.RelationsDocument.Relation;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Reads a suite from its folder, on disk or inside a jar, and trusts no file of it. */
final class SuiteReader {
  private static final String FILE = "suite.json";
  private static final String RESOURCE = "/goldens/v1/" + FILE;

  private SuiteReader() {}

  /** The suite on the class path. */
  static Suite resource() throws IOException {
    URL url = Suite.class.getResource(RESOURCE);
    if (url == null) {
      throw new FormatException(
          RESOURCE.substring(1), "file", "is not on the class path: the jar assay-testdata has it");
    }
    if (!url.getProtocol().equals("jar")) {
      return folder(parent(Path.of(uri(url.toString()))));
    }
    String jar = url.getPath().substring(0, url.getPath().indexOf("!/"));
    // By the jar's path, so that the file system is this call's own and can be closed.
    try (FileSystem inside = FileSystems.newFileSystem(Path.of(uri(jar)))) {
      return folder(parent(inside.getPath(RESOURCE)));
    }
  }

  private static URI uri(String text) throws IOException {
    try {
      return new URI(text);
    } catch (URISyntaxException broken) {
      throw new IOException("the class path entry " + text + " has no usable address", broken);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file.resolve("..") : parent;
  }

  /** The suite of a folder. */
  static Suite folder(Path folder) throws IOException {
    Map<String, String> sums = Checksums.read(folder);
    byte[] text = Checksums.checked(folder, FILE, sums);
    String file = folder.resolve(FILE).toString();
    SuiteDocument document = Json.read(file, text, SuiteDocument.class);
    if (!document.schema().equals(SuiteDocument.SCHEMA)) {
      throw fault(folder, "schema", "is '" + document.schema() + "', not " + SuiteDocument.SCHEMA);
    }
    List<GoldenCase> cases = new ArrayList<>();
    for (Map.Entry<String, SuiteDocument.Entry> entry : document.cases().entrySet()) {
      String stem = entry.getValue().file();
      GoldenCase one = new CaseReader(new CasePair(folder, stem, sums)).read();
      agrees(folder, "cases", entry, one);
      cases.add(one);
    }
    return whole(folder, sums, document, cases, recipes(folder, document, sums));
  }

  /** The suite of cases that were read, with the relations between them that its folder holds. */
  static Suite whole(
      Path folder,
      Map<String, String> sums,
      SuiteDocument document,
      List<GoldenCase> cases,
      List<RecipeCase> recipes)
      throws IOException {
    SequencedMap<String, Flag> flags = new LinkedHashMap<>();
    document.flags().forEach((name, note) -> flags.put(name, note.named(name)));
    try {
      return new Suite(
          document.id(), document.version(), cases, recipes, flags, relations(folder, sums));
    } catch (IllegalArgumentException broken) {
      throw fault(folder, "suite", String.valueOf(broken.getMessage()));
    }
  }

  private static List<RecipeCase> recipes(
      Path folder, SuiteDocument document, Map<String, String> sums) throws IOException {
    List<RecipeCase> recipes = new ArrayList<>();
    for (Map.Entry<String, SuiteDocument.Entry> entry : document.recipes().entrySet()) {
      RecipeCase one = new RecipeReader(new CasePair(folder, entry.getValue().file(), sums)).read();
      agrees(folder, "recipes", entry, one.golden());
      recipes.add(one);
    }
    return recipes;
  }

  private static void agrees(
      Path folder, String field, Map.Entry<String, SuiteDocument.Entry> said, GoldenCase one)
      throws FormatException {
    if (one.tcId() != said.getValue().tcId() || !one.name().equals(said.getKey())) {
      String found = one.name() + " with number " + one.tcId();
      throw fault(folder, field, said.getValue().file() + " is " + found);
    }
  }

  private static List<Relation> relations(Path folder, Map<String, String> sums)
      throws IOException {
    byte[] text = Checksums.checked(folder, RelationsDocument.FILE, sums);
    String file = folder.resolve(RelationsDocument.FILE).toString();
    RelationsDocument document = Json.read(file, text, RelationsDocument.class);
    if (!document.schema().equals(RelationsDocument.SCHEMA)) {
      String rule = "is '" + document.schema() + "', not " + RelationsDocument.SCHEMA;
      throw new FormatException(file, "schema", rule);
    }
    return document.relations();
  }

  private static FormatException fault(Path folder, String field, String rule) {
    return new FormatException(folder.resolve(FILE).toString(), field, rule);
  }
}
