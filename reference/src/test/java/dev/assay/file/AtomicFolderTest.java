package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is the old one or the whole new one. */
class AtomicFolderTest {
  private static final String MARK = "index.json";

  @TempDir private Path place = Path.of("");

  @Test
  void a_folder_of_the_same_kind_is_replaced_as_a_whole() throws IOException {
    Path target = written("old.txt");
    AtomicFolder.write(target, MARK, folder -> fill(folder, "new.txt"));
    assertEquals(Set.of(MARK, "new.txt"), names(target));
    assertEquals(Set.of("target"), names(place));
  }

  @Test
  void an_empty_folder_is_filled() throws IOException {
    Path target = Files.createDirectory(place.resolve("target"));
    AtomicFolder.write(target, MARK, folder -> fill(folder, "new.txt"));
    assertEquals(Set.of(MARK, "new.txt"), names(target));
  }

  @Test
  void a_folder_of_another_kind_is_left_alone() throws IOException {
    Path target = Files.createDirectory(place.resolve("target"));
    Files.writeString(target.resolve("letter.txt"), "dear reader");
    assertThrows(
        FormatException.class,
        () -> AtomicFolder.write(target, MARK, folder -> fill(folder, "new.txt")));
    assertEquals(Set.of("letter.txt"), names(target));
    assertEquals(Set.of("target"), names(place));
  }

  @Test
  void when_writing_fails_the_old_folder_stays() throws IOException {
    Path target = written("old.txt");
    assertThrows(
        IOException.class,
        () ->
            AtomicFolder.write(
                target,
                MARK,
                folder -> {
                  fill(folder, "new.txt");
                  throw new IOException("no space left");
                }));
    assertEquals(Set.of(MARK, "old.txt"), names(target));
    assertEquals(Set.of("target"), names(place));
  }

  private Path written(String name) throws IOException {
    Path target = place.resolve("target");
    AtomicFolder.write(target, MARK, folder -> fill(folder, name));
    return target;
  }

  private static void fill(Path folder, String name) throws IOException {
    Files.writeString(folder.resolve(MARK), "{}");
    Files.writeString(folder.resolve(name), "text");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toSet());
    }
  }
}
