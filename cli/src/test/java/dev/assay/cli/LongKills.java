package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.AtomicFile;
import dev.assay.gradcheck.suite.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verbs that are killed. It is no part of the normal build: {@code mvn -Pkills test -pl cli -am
 * -Dassay.kills=1000} runs it, with one kill of each verb for 40 of a writer and one of {@code
 * golden --write} for 500, which takes minutes, and writes {@code cli/target/kills-verbs.txt}.
 */
class LongKills {
  private static final int KILLS = Integer.getInteger("assay.kills", 1000);
  private static final int SEED = 1;
  private static final Path SUITE = Path.of("../testdata/goldens/v1");

  @TempDir private Path folder = Path.of("");

  @Test
  void killed_verbs_leave_the_old_or_the_new_and_the_next_run_goes_on() throws Exception {
    List<String> record = new ArrayList<>();
    int unfinished = 0;
    for (KilledVerb verb : KilledVerb.values()) {
      Path place = Files.createDirectory(folder.resolve(verb.name()));
      VerbKills run;
      if (verb == KilledVerb.GOLDEN) {
        copy(SUITE, verb.target(place));
        run = new VerbKills(place, verb, Set.of(Checksums.list(verb.target(place))));
        run.run(Math.max(1, KILLS / 500), SEED);
      } else {
        run = new VerbKills(place, verb, states(verb, place));
        run.run(Math.max(1, KILLS / 40), SEED);
        run.nextRun();
      }
      unfinished += run.unfinished();
      record.add(run.found());
      AtomicFile.write(Path.of("target", "kills-verbs.txt"), String.join("\n", record) + "\n");
    }
    assertTrue(unfinished > 0, "no kill fell into a write: " + record);
  }

  /** What each of the two states says when nobody is killed. */
  static Set<String> states(KilledVerb verb, Path place) throws IOException {
    Set<String> states = new HashSet<>();
    for (int state = 0; state < 2; state++) {
      verb.run(place, state);
      states.add(verb.told(place));
    }
    return states;
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Map.Entry<String, Path> file : Checksums.files(from).entrySet()) {
      Path target = to.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.copy(file.getValue(), target);
    }
    Files.copy(from.resolve(Checksums.FILE), to.resolve(Checksums.FILE));
  }
}
