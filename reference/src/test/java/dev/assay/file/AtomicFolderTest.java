package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    AtomicFolder.write(target, AtomicFolderTest::own, folder -> fill(folder, "new.txt"));
    assertEquals(Set.of(MARK, "new.txt"), names(target));
    assertEquals(Set.of("target"), names(place));
  }

  @Test
  void an_empty_folder_is_filled() throws IOException {
    Path target = Files.createDirectory(place.resolve("target"));
    AtomicFolder.write(target, AtomicFolderTest::own, folder -> fill(folder, "new.txt"));
    assertEquals(Set.of(MARK, "new.txt"), names(target));
  }

  @Test
  void a_folder_of_another_kind_is_left_alone() throws IOException {
    Path target = Files.createDirectory(place.resolve("target"));
    Files.writeString(target.resolve("letter.txt"), "dear reader");
    assertThrows(
        FormatException.class,
        () -> AtomicFolder.write(target, AtomicFolderTest::own, folder -> fill(folder, "new.txt")));
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
                AtomicFolderTest::own,
                folder -> {
                  fill(folder, "new.txt");
                  throw new IOException("no space left");
                }));
    assertEquals(Set.of(MARK, "old.txt"), names(target));
    assertEquals(Set.of("target"), names(place));
  }

  @Test
  void a_folder_with_something_of_somebody_else_is_left_alone() throws IOException {
    Path target = written("old.txt");
    Path theirs = Files.createDirectories(target.resolve("results/long"));
    Files.writeString(theirs.resolve("mine.txt"), "a day of work");
    FormatException refusal =
        assertThrows(
            FormatException.class,
            () ->
                AtomicFolder.write(
                    target, AtomicFolderTest::own, folder -> fill(folder, "new.txt")));
    assertEquals(
        target
            + ": folder: holds results, which is not written here and would be lost: move it away,"
            + " or name a new or an empty folder",
        refusal.getMessage());
    assertEquals(Set.of(MARK, "old.txt", "results"), names(target));
    assertEquals("a day of work", Files.readString(theirs.resolve("mine.txt")));
  }

  @Test
  void the_folder_itself_stays_for_it_may_be_where_somebody_works() throws IOException {
    Path empty = Files.createDirectory(place.resolve("target"));
    Object before = Files.readAttributes(empty, BasicFileAttributes.class).fileKey();
    written("one.txt");
    assertEquals(before, Files.readAttributes(empty, BasicFileAttributes.class).fileKey());
    written("two.txt");
    assertEquals(before, Files.readAttributes(empty, BasicFileAttributes.class).fileKey());
    assertEquals(Set.of(MARK, "two.txt"), names(empty));
  }

  @Test
  void a_link_to_a_folder_is_followed_and_stays_a_link() throws IOException {
    Path real = Files.createDirectory(place.resolve("real"));
    Path link = Files.createSymbolicLink(place.resolve("target"), real);
    written("one.txt");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(Set.of(MARK, "one.txt"), names(real));
  }

  @Test
  void a_place_that_cannot_be_is_named_and_not_a_folder_beside_it() {
    Path lost = Path.of("/proc/nowhere");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "skipped: not there: /proc");
    IOException refusal =
        assertThrows(
            IOException.class,
            () -> AtomicFolder.write(lost, AtomicFolderTest::own, folder -> fill(folder, "x")));
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith("/proc/nowhere could not be written: "),
        refusal::getMessage);
  }

  /** A file that is listed is an own one. */
  private static Set<String> own(Path folder) throws IOException {
    Path list = folder.resolve(MARK);
    return Files.exists(list) ? Set.copyOf(Files.readAllLines(list)) : Set.of();
  }

  private Path written(String name) throws IOException {
    Path target = place.resolve("target");
    AtomicFolder.write(target, AtomicFolderTest::own, folder -> fill(folder, name));
    return target;
  }

  private static void fill(Path folder, String name) throws IOException {
    Files.writeString(folder.resolve(MARK), MARK + "\n" + name + "\n");
    Files.writeString(folder.resolve(name), "text");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toSet());
    }
  }
}
