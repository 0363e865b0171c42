package dev.assay.file;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills; {@link LongKills} makes a thousand. */
class KillsTest {
  private static final int KILLS = 25;
  private static final int SEED = 20;

  @TempDir private Path place = Path.of("");

  @Test
  void a_killed_writer_leaves_whole_files_and_the_next_one_goes_on() throws Exception {
    new Kills(place).run(KILLS, SEED);
  }
}
