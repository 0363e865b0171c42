package dev.assay.gradcheck.golden;

import dev.assay.check.Require;
import dev.assay.file.AtomicFolder;
import dev.assay.gradcheck.suite.Checksums;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The only writer of the golden suite. It builds a whole suite in a folder beside the target and
 * swaps the two at the end, so that a target is never half-written.
 */
public final class GoldenWriter {
  /** Files of the suite that are written by hand, or by others, and carried over. */
  static final List<String> AUTHORED =
      List.of(
          "SPEC.md",
          "CHANGELOG.md",
          "readers/README.md",
          "readers/c/reader.c",
          "readers/javascript/reader.mjs",
          "readers/python/reader.py",
          "readers/rust/draw.rs",
          "readers/rust/json.rs",
          "readers/rust/reader.rs",
          "readers/rust/results.rs",
          "readers/rust/safetensors.rs",
          "readers/rust/sha256.rs",
          "schema/suite.schema.json",
          "schema/case.schema.json",
          "schema/recipe.schema.json",
          "schema/proof.schema.json",
          "schema/selections.schema.json",
          "schema/relations.schema.json",
          "relations.json",
          "schema/result.schema.json",
          "schema/kill-matrix.schema.json",
          "mutants/kill-matrix.json");

  private GoldenWriter() {}

  /** Number of cases that will be written, recipes among them. */
  public static int cases() {
    return GoldenCatalog.families().stream().mapToInt(family -> family.drafts().size()).sum()
        + RecipeCases.all().size();
  }

  /** Whether the cases of a family are among those that every kernel is expected to run. */
  public static boolean isOfCore(String family) {
    return !CaseFiles.isOutsideCore(family);
  }

  /**
   * Writes the suite into a folder, which is replaced as a whole.
   *
   * @param progress is told the name of each case when it is computed, one at a time
   * @return how much of it is proven
   * @throws IOException with one sentence; the folder is then as it was
   */
  public static ProofCounts write(Path target, Consumer<String> progress) throws IOException {
    AtomicReference<ProofCounts> counts = new AtomicReference<>();
    AtomicFolder.write(
        target, GoldenWriter::own, fresh -> counts.set(build(fresh, target, progress)));
    return Objects.requireNonNull(counts.get());
  }

  /** The files of a suite: those of the author, and those that its list of checksums names. */
  private static Set<String> own(Path folder) throws IOException {
    Set<String> own = new HashSet<>(AUTHORED);
    own.add(Checksums.FILE);
    if (Files.exists(folder.resolve(Checksums.FILE))) {
      own.addAll(Checksums.read(folder).keySet());
    }
    return own;
  }

  /** Builds a suite in a new folder, with the files of the author from another or from the jar. */
  static ProofCounts build(Path fresh, Path authored, Consumer<String> progress)
      throws IOException {
    for (String name : AUTHORED) {
      Path copy = fresh.resolve(name);
      Files.createDirectories(copy.resolveSibling(""));
      Files.write(copy, authored(authored, name));
    }
    return new SuiteFiles(progress).write(fresh);
  }

  private static byte[] authored(Path folder, String name) throws IOException {
    if (Files.exists(folder.resolve(name))) {
      return Files.readAllBytes(folder.resolve(name));
    }
    try (InputStream text = GoldenWriter.class.getResourceAsStream("/goldens/v1/" + name)) {
      Require.state(text != null, "goldens/v1/%s is neither in %s nor in the jar", name, folder);
      return Objects.requireNonNull(text).readAllBytes();
    }
  }

  /** Proves all answers anew and compares a suite with them, byte for byte. */
  public static GoldenProof prove(Path folder, Consumer<String> progress) throws IOException {
    Path fresh = AtomicFolder.temporary("assay-goldens");
    try {
      ProofCounts counts = build(fresh, folder, progress);
      return new GoldenProof(counts, GoldenProof.differences(folder, fresh));
    } finally {
      AtomicFolder.delete(fresh);
    }
  }
}
