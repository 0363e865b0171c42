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

/** The readers of a suite, on one of two cases, whose checksums are right whatever was changed. */
public final class SuiteReaders {
  private static final String CASE = "core/dense/square";

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

  /** Lays the suite down. */
  public SuiteReaders() throws IOException {
    Files.createDirectories(folder.resolve(CASE).resolveSibling("."));
    for (String file : List.of(CASE + ".json", CASE + ".safetensors")) {
      try (var in = Suite.class.getResourceAsStream("/goldens/v1/" + file)) {
        files.put(file, Objects.requireNonNull(in, file).readAllBytes());
      }
    }
    files.put("suite.json", INDEX.replace("FLAGS", flags()).getBytes(StandardCharsets.UTF_8));
    files.put(RelationsDocument.FILE, RELATIONS.getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Scratch.put(folder.resolve(file.getKey()), file.getValue());
    }
    Scratch.put(folder.resolve(Checksums.FILE), sums(files));
  }

  private String flags() throws IOException {
    String json =
        new String(Objects.requireNonNull(files.get(CASE + ".json")), StandardCharsets.UTF_8);
    List<String> flags = new ArrayList<>();
    Json.mapper()
        .readTree(json)
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
        reader("suite", "suite.json"),
        reader("case", CASE + ".json"),
        reader("relations", RelationsDocument.FILE),
        new FuzzReader(
            "checksums",
            folder.toString(),
            List.of(sums(files)),
            bytes -> load(Map.of(Checksums.FILE, bytes))));
  }

  private FuzzReader reader(String name, String file) {
    return new FuzzReader(
        name,
        folder.toString(),
        List.of(Objects.requireNonNull(files.get(file))),
        bytes -> {
          Map<String, byte[]> changed = new LinkedHashMap<>(files);
          changed.put(file, bytes);
          load(Map.of(file, bytes, Checksums.FILE, sums(changed)));
        });
  }

  /** Loads the suite with other files in it, which are put right again afterwards. */
  private void load(Map<String, byte[]> changed) throws IOException {
    for (Map.Entry<String, byte[]> file : changed.entrySet()) {
      Scratch.put(folder.resolve(file.getKey()), file.getValue());
    }
    try {
      var _ = Suite.load(folder);
    } finally {
      for (String file : changed.keySet()) {
        byte[] right = files.get(file);
        Scratch.put(folder.resolve(file), right == null ? sums(files) : right);
      }
    }
  }

  private static byte[] sums(Map<String, byte[]> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (name, bytes) -> text.append(Checksums.of(bytes)).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
