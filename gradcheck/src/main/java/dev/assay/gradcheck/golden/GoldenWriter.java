package dev.assay.gradcheck.golden;

import dev.assay.check.Require;
import dev.assay.file.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The only writer of the golden suite. It builds a whole suite in a folder beside the target and
 * swaps the two at the end, so that a target is never half-written.
 */
public final class GoldenWriter {
  /** Files of the suite that are written by hand and carried over. */
  static final List<String> AUTHORED =
      List.of(
          "SPEC.md",
          "CHANGELOG.md",
          "schema/suite.schema.json",
          "schema/case.schema.json",
          "schema/result.schema.json");

  private GoldenWriter() {}

  /** Number of cases that will be written. */
  public static int cases() {
    return GoldenCatalog.families().stream().mapToInt(family -> family.drafts().size()).sum();
  }

  /**
   * Writes the suite into a folder, which is replaced as a whole.
   *
   * @param progress is told the name of each case when it is written
   * @throws IOException with one sentence; the folder is then as it was
   */
  public static void write(Path target, Consumer<String> progress) throws IOException {
    Path whole = target.toAbsolutePath().normalize();
    if (Files.exists(whole) && !Files.exists(whole.resolve("SPEC.md")) && !empty(whole)) {
      throw new FormatException(
          target.toString(), "folder", "holds something else: name a suite or an empty folder");
    }
    Path fresh =
        whole.resolveSibling(whole.getFileName() + ".part-" + ProcessHandle.current().pid());
    Path old = whole.resolveSibling(whole.getFileName() + ".old-" + ProcessHandle.current().pid());
    try {
      build(fresh, whole, progress);
      swap(fresh, whole, old);
    } finally {
      delete(fresh);
    }
    delete(old);
  }

  private static void swap(Path fresh, Path whole, Path old) throws IOException {
    boolean replaces = Files.exists(whole);
    if (replaces) {
      Files.move(whole, old);
    }
    try {
      Files.move(fresh, whole);
    } catch (IOException failure) {
      if (replaces) {
        Files.move(old, whole);
      }
      throw failure;
    }
  }

  /** Builds a suite in a new folder, with the files of the author from another or from the jar. */
  static void build(Path fresh, Path authored, Consumer<String> progress) throws IOException {
    for (String name : AUTHORED) {
      Path copy = fresh.resolve(name);
      Files.createDirectories(copy.resolveSibling(""));
      Files.write(copy, authored(authored, name));
    }
    new SuiteFiles(progress).write(fresh);
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

  /**
   * Compares a suite with what would be written today, byte for byte.
   *
   * @return a sentence for each file that differs; empty if the suite is proven
   */
  public static List<String> prove(Path folder, Consumer<String> progress) throws IOException {
    Path fresh = Files.createTempDirectory("assay-goldens");
    try {
      build(fresh, folder, progress);
      return GoldenProof.differences(folder, fresh);
    } finally {
      delete(fresh);
    }
  }

  private static boolean empty(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> inside = Files.walk(folder)) {
      inside.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
