package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next writer makes of a folder whose last one was killed. */
class ExchangeTest {
  /** No system gives this number to a process. */
  private static final String DEAD = "2147483647-1";

  @TempDir private Path whole = Path.of("");

  private void file(String name) throws IOException {
    Path file = whole.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, "text");
  }

  private Set<String> repaired() throws IOException {
    Exchange.repair(whole);
    Set<String> names = new TreeSet<>();
    try (Stream<Path> inside = Files.walk(whole)) {
      inside
          .filter(Files::isRegularFile)
          .forEach(one -> names.add(whole.relativize(one).toString()));
    }
    return names;
  }

  @Test
  void cut_off_while_the_new_content_is_made_the_old_one_stays() throws IOException {
    file("a");
    file(".new-" + DEAD + "/b");
    assertEquals(Set.of("a"), repaired());
  }

  @Test
  void cut_off_while_the_old_content_is_moved_aside_it_comes_back() throws IOException {
    file("a");
    file(".old-" + DEAD + "/deep/c");
    file(".new-" + DEAD + "/b");
    assertEquals(Set.of("a", "deep/c"), repaired());
  }

  @Test
  void cut_off_while_the_new_content_is_moved_in_the_rest_follows() throws IOException {
    file("b");
    file(".done-" + DEAD + "/a");
    file(".new-" + DEAD + "/deep/c");
    assertEquals(Set.of("b", "deep/c"), repaired());
  }

  @Test
  void what_a_living_writer_makes_is_left_alone() throws IOException {
    long init = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L);
    file(".new-" + init + "-1/b");
    assertEquals(Set.of(".new-" + init + "-1/b"), repaired());
  }

  @Test
  void a_part_of_a_dead_writer_goes_with_the_next_write_and_no_other_file() throws IOException {
    for (String name : new String[] {"x." + DEAD + ".part", "x.part", "y." + DEAD + ".part"}) {
      file(name);
    }
    AtomicFile.write(whole.resolve("x"), "new");
    assertEquals(Set.of("x", "x.part", "y." + DEAD + ".part"), repaired());
    assertTrue(Files.isRegularFile(whole.resolve("x")));
  }
}
