package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next writer makes of a folder whose last one was killed. */
class ExchangeTest {
  /** No system gives this number to a process. */
  private static final String DEAD = Leftovers.of(Integer.MAX_VALUE);

  private static final int FILES = 40;
  private static final int MOST_TRIES = 50;

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
    String made = ".new-" + Leftovers.of(init) + "/b";
    file(made);
    assertEquals(Set.of(made), repaired());
  }

  @Test
  void what_a_writer_elsewhere_makes_is_left_alone_for_an_hour() throws IOException {
    String left = ".new-" + Leftovers.of(Integer.MAX_VALUE, "e15e3e4e");
    file(left + "/b");
    assertEquals(Set.of(left + "/b"), repaired());
    Instant then = Instant.now().minus(Duration.ofMinutes(61));
    Files.setLastModifiedTime(whole.resolve(left), FileTime.from(then));
    assertEquals(Set.of(), repaired());
  }

  @Test
  void a_file_that_is_in_the_way_of_a_repair_is_named() throws IOException {
    file("a");
    file(".old-" + DEAD + "/a");
    IOException failure =
        assertThrows(IOException.class, () -> AtomicFolder.write(whole, _ -> Set.of("a"), _ -> {}));
    assertEquals(
        "%s could not be put right after a write that was cut off: %s is in the way of a file of the same name: move it to another folder"
            .formatted(whole, whole.resolve("a")),
        failure.getMessage());
    Files.delete(whole.resolve("a"));
    assertEquals(Set.of("a"), repaired());
  }

  /** Somebody who makes each file again as soon as it is moved away is faster once in a while. */
  @Test
  void an_exchange_that_cannot_be_undone_loses_nothing_at_the_end_of_the_process()
      throws Exception {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Path folder = whole.resolve("folder" + tries);
      Exchange exchange = new Exchange(folder, Leftovers.own());
      Files.createDirectories(exchange.fresh());
      for (int file = 0; file < FILES; file++) {
        Files.writeString(folder.resolve("f" + file), "old");
        Files.writeString(exchange.fresh().resolve("f" + file), "new");
      }
      Unfinished.begin(exchange.fresh());
      if (fails(exchange) && exchange.halfway()) {
        for (String kind : List.of(".old-", ".done-", ".new-")) {
          assertFalse(Unfinished.has(folder.resolve(kind + exchange.mark())), kind);
        }
        return;
      }
      Unfinished.end(exchange.fresh());
    }
    fail("no exchange was spoilt in " + MOST_TRIES + " tries");
  }

  private static boolean fails(Exchange exchange) throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread intruder = Thread.ofPlatform().start(() -> intrude(exchange.whole(), stop));
    try {
      exchange.run();
      return false;
    } catch (IOException clash) {
      return true;
    } finally {
      stop.set(true);
      intruder.join();
    }
  }

  private static void intrude(Path folder, AtomicBoolean stop) {
    while (!stop.get()) {
      for (int file = 0; file < FILES; file++) {
        try {
          Files.createFile(folder.resolve("f" + file));
        } catch (IOException there) {
          // It was not moved yet.
          Thread.onSpinWait();
        }
      }
    }
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
