package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.suite.ProofDocument.Count;
import dev.assay.tensor.Philox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one writer: a whole suite or none. */
class GoldenWriterTest {
  private static final int SEED = 3;

  @Test
  void the_files_of_the_suite_are_what_is_proven_today(@TempDir Path temporary) throws IOException {
    List<String> told = new ArrayList<>();
    Path target = temporary.resolve("suite");
    ProofCounts counts = GoldenWriter.write(target, told::add);
    assertEquals(
        List.of(),
        GoldenProof.differences(GoldenFolder.SOURCE, target),
        "'assay golden --write' writes them anew; CHANGELOG.md must say why");
    assertEquals(GoldenWriter.cases(), told.size(), "cases that were reported");
    assertEquals(Set.of("suite"), names(temporary), "something was left behind");
    for (Count count : List.of(counts.results(), counts.gradients())) {
      assertTrue(count.values() > 90_000, count + ": most of the suite is not there");
      assertTrue(count.flagged() * 1000L <= count.values(), count + ": too many are not proven");
      assertEquals(count.values(), count.proven() + count.flagged());
    }
  }

  @Test
  void the_last_bit_of_any_stored_value_is_proven(@TempDir Path temporary) throws IOException {
    Path copy = GoldenFolder.copy(temporary.resolve("v1"));
    List<Path> files =
        GoldenFolder.files(copy).stream()
            .filter(file -> file.toString().endsWith(".safetensors"))
            .toList();
    for (int trial = 0; trial < 40; trial++) {
      int[] random = Philox.block(new int[] {trial, 0, 0, 0}, SEED, 0);
      Path file = files.get(Integer.remainderUnsigned(random[0], files.size()));
      byte[] bytes = Files.readAllBytes(file);
      long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      int values = (int) ((bytes.length - 8 - header) / 8);
      if (values > 0) {
        // Little-endian: the first of the eight bytes of a double holds its last bit.
        int at = (int) (8 + header + 8L * Integer.remainderUnsigned(random[1], values));
        bytes[at] ^= 1;
        Files.write(file, bytes);
        List<String> differences = GoldenProof.differences(copy, GoldenFolder.SOURCE);
        String name = copy.relativize(file).toString();
        assertEquals(1, differences.size(), name + " (seed " + SEED + ")");
        assertTrue(differences.getFirst().startsWith(name), differences::toString);
        bytes[at] ^= 1;
        Files.write(file, bytes);
      }
    }
  }

  @Test
  void it_leaves_a_folder_alone_that_holds_something_else(@TempDir Path temporary)
      throws IOException {
    Files.writeString(temporary.resolve("letter.txt"), "dear reader");
    assertThrows(FormatException.class, () -> GoldenWriter.write(temporary, _ -> {}));
    assertEquals(Set.of("letter.txt"), names(temporary));
  }

  @Test
  void when_it_fails_the_old_suite_stays(@TempDir Path temporary) throws IOException {
    Path target = Files.createDirectory(temporary.resolve("suite"));
    Files.writeString(target.resolve("SPEC.md"), "old");
    assertThrows(
        IllegalStateException.class,
        () ->
            GoldenWriter.write(
                target,
                _ -> {
                  throw new IllegalStateException("power cut");
                }));
    assertEquals("old", Files.readString(target.resolve("SPEC.md")));
    assertEquals(Set.of("suite"), names(temporary));
  }

  @Test
  void numbers_and_names_of_the_tables_are_unique() {
    List<Draft> drafts =
        GoldenCatalog.families().stream().flatMap(family -> family.drafts().stream()).toList();
    Set<Integer> numbers =
        drafts.stream().map(draft -> draft.problem().id()).collect(Collectors.toSet());
    assertEquals(drafts.size(), numbers.size());
    assertTrue(drafts.size() >= 100, "only " + drafts.size() + " cases");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
