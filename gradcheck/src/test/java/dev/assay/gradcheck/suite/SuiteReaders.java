package dev.assay.gradcheck.suite;

import dev.assay.file.Json;
import dev.assay.gradcheck.fuzz.FuzzReader;
import dev.assay.gradcheck.fuzz.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The readers of a suite, on one that has a single case, whose checksums are right whatever was
 * changed. A case, a recipe and relations are read alone: the rest of the suite would be the same
 * each time.
 */
public final class SuiteReaders {
  private static final String CASE = "core/dense/square";

  private static final String RECIPE = "regen/decode-65536";

  private static final String INDEX =
      """
      {"schema": "assay-suite-1", "id": "assay-goldens", "version": "1", "licence": "CC0-1.0",
       "schemas": ["assay-suite-1"],
       "counts": {"cases": 1, "recipes": 0, "result": {"valid": 1}, "family": {"dense": 1}},
       "classes": ["f32-flash"],
       "cases": {"dense/square": {"tcId": 1001, "file": "core/dense/square"}},
       "recipes": {},
       "flags": {FLAGS}}
      """;

  private static final String RELATIONS =
      """
      {"schema": "assay-relations-1", "relations": [
       {"name": "the-same", "reason": "A result is itself.", "left": "dense/square", "right": "dense/square", "holds": "BITS",
        "maps": [{"tensor": "out", "times": "0x1.0p0", "plus": "0x0.0p0",
                  "take": {"axis": 2, "left": [0, 1], "right": [0, 1]}}]}]}
      """;

  private final Path folder = Scratch.folder();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> sums = new LinkedHashMap<>();
  private final SuiteDocument document;
  private final List<GoldenCase> cases;

  /** Lays the suite down. */
  public SuiteReaders() throws IOException {
    take(CASE + ".json");
    take(CASE + ".safetensors");
    take(RECIPE + ".json");
    take(RECIPE + ".safetensors");
    put("suite.json", INDEX.replace("FLAGS", flags()).getBytes(StandardCharsets.UTF_8));
    put(RelationsDocument.FILE, RELATIONS.getBytes(StandardCharsets.UTF_8));
    Scratch.put(folder.resolve(Checksums.FILE), list(sums));
    this.document = Json.read("suite.json", bytes("suite.json"), SuiteDocument.class);
    this.cases = suite().cases();
  }

  /** Takes a file of the suite that comes with Assay. */
  private void take(String file) throws IOException {
    try (var in = Suite.class.getResourceAsStream("/goldens/v1/" + file)) {
      put(file, Objects.requireNonNull(in, file).readAllBytes());
    }
  }

  private void put(String file, byte[] bytes) throws IOException {
    files.put(file, bytes);
    sums.put(file, Checksums.of(bytes));
    Files.createDirectories(folder.resolve(file).resolveSibling("."));
    Scratch.put(folder.resolve(file), bytes);
  }

  private byte[] bytes(String file) {
    return Objects.requireNonNull(files.get(file));
  }

  private String flags() throws IOException {
    List<String> flags = new ArrayList<>();
    Json.mapper()
        .readTree(bytes(CASE + ".json"))
        .get("flags")
        .forEach(
            flag ->
                flags.add(
                    "%s: {\"description\": \"d\", \"bugClass\": \"BASIC\", \"effect\": \"e\", \"links\": []}"
                        .formatted(flag)));
    return String.join(", ", flags);
  }

  /** The suite of one case. */
  public Suite suite() throws IOException {
    return Suite.load(folder);
  }

  /** All of them. */
  public List<FuzzReader> all() {
    return List.of(
        reader("suite", "suite.json", this::load),
        reader("case", CASE + ".json", changed -> new CaseReader(pair(CASE, changed)).read()),
        reader(
            "recipe", RECIPE + ".json", changed -> new RecipeReader(pair(RECIPE, changed)).read()),
        reader(
            "relations",
            RelationsDocument.FILE,
            changed -> SuiteReader.whole(folder, changed, document, cases, List.of())),
        reader("checksums", Checksums.FILE, list(sums), _ -> suite()));
  }

  private CasePair pair(String stem, Map<String, String> sums) {
    return new CasePair(folder, stem, sums);
  }

  private Suite load(Map<String, String> changed) throws IOException {
    Scratch.put(folder.resolve(Checksums.FILE), list(changed));
    try {
      return suite();
    } finally {
      Scratch.put(folder.resolve(Checksums.FILE), list(sums));
    }
  }

  /** What reads a folder whose files have these digests. */
  private interface Read {
    Object of(Map<String, String> sums) throws IOException;
  }

  private FuzzReader reader(String name, String file, Read read) {
    return reader(name, file, bytes(file), read);
  }

  /** The file lies there changed for one reading. */
  private FuzzReader reader(String name, String file, byte[] right, Read read) {
    return new FuzzReader(
        name,
        folder.toString(),
        List.of(right),
        bytes -> {
          Scratch.put(folder.resolve(file), bytes);
          Map<String, String> changed = new LinkedHashMap<>(sums);
          changed.put(file, Checksums.of(bytes));
          try {
            var _ = read.of(changed);
          } finally {
            Scratch.put(folder.resolve(file), right);
          }
        });
  }

  private static byte[] list(Map<String, String> sums) {
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
