package dev.assay.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verb that is killed twice; {@link LongKills} kills five of them more often. */
class VerbKillsTest {
  @TempDir private Path place = Path.of("");

  @Test
  void a_killed_export_leaves_the_old_or_the_new_and_the_next_one_goes_on()
      throws IOException, InterruptedException {
    KilledVerb verb = KilledVerb.EXPORT;
    VerbKills run = new VerbKills(place, verb, LongKills.states(verb, place));
    run.run(2, 1);
    run.nextRun();
  }
}
