package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dead have left of files whose names nobody writes twice. */
class SweepTest {
  /** Beyond every number that a process is given. */
  private static final long DEAD = 2_000_000_000;

  @TempDir private Path folder = Path.of("");

  @Test
  void only_parts_of_the_dead_and_of_such_names_go() throws IOException {
    List<String> kept =
        List.of(
            "run-1",
            "run-2." + Leftovers.of(ProcessHandle.current().parent().orElseThrow().pid()) + ".part",
            "walk-3." + Leftovers.of(DEAD) + ".part");
    for (String name : kept) {
      Files.createFile(folder.resolve(name));
    }
    Files.createFile(folder.resolve("run-4." + Leftovers.of(DEAD) + ".part"));
    AtomicFile.sweep(folder, "run-\\d");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(kept, left.map(one -> String.valueOf(one.getFileName())).sorted().toList());
    }
  }
}
