package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.AtomicFolder;
import dev.assay.file.Json;
import dev.assay.gradcheck.mutant.KillMatrix;
import dev.assay.gradcheck.mutant.KillMatrixFile;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.train.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Verbs that write, in one of two states each, and what must hold wherever they are killed. */
enum KilledVerb {
  /** A folder of many files, in place of an older one. */
  EXPORT {
    @Override
    void run(Path place, int state) {
      String only = state == 0 ? "basic/causal*" : "heads/*";
      Ran.assay("export", "--only", only, "--to", target(place).toString()).is(ExitCode.PASS);
    }

    @Override
    Path target(Path place) {
      return place.resolve("export");
    }

    @Override
    String told(Path place) throws IOException {
      repair(target(place));
      return Checksums.list(target(place));
    }
  },

  /** The whole suite, which takes minutes: the state is the same before and after. */
  GOLDEN {
    @Override
    void run(Path place, int state) {
      Ran.assay("golden", "--write", "--to", target(place).toString()).is(ExitCode.PASS);
    }

    @Override
    Path target(Path place) {
      return place.resolve("golden");
    }

    @Override
    String told(Path place) throws IOException {
      repair(target(place));
      return Checksums.list(target(place));
    }
  },

  /** What mutants --write does after its run of minutes: two files of a suite. */
  MUTANTS {
    @Override
    void run(Path place, int state) throws IOException {
      Files.createDirectories(target(place));
      if (!Files.exists(target(place).resolve(Checksums.FILE))) {
        Files.createFile(target(place).resolve(Checksums.FILE));
      }
      KillMatrix all = KillMatrixFile.load();
      List<KillMatrix.MutantRow> rows = all.rows().subList(0, all.rows().size() - state);
      KillMatrixFile.write(new KillMatrix(all.suite(), all.cases(), rows), target(place));
    }

    @Override
    Path target(Path place) {
      return place.resolve("suite");
    }

    // The matrix; its line in the list follows behind it, and one of the two may be older.
    @Override
    String told(Path place) throws IOException {
      Checksums.read(target(place));
      return Checksums.of(Files.readAllBytes(target(place).resolve(KillMatrixFile.PATH)));
    }
  },

  /** The record of a training. */
  TRAIN {
    private static final String TASK =
        "train recall --pairs 4 --queries 2 --keys 4 --values 2 --width 4 --heads 1 --batch 1"
            + " --steps 1 --seeds 1 --alone --mechanism dense --out";

    @Override
    void run(Path place, int state) {
      Ran.assay((TASK + " " + target(place)).split(" ", -1)).is(ExitCode.PASS);
    }

    @Override
    Path target(Path place) {
      return place.resolve("train");
    }

    // Times differ from run to run: a record that is read wholly is a whole one.
    @Override
    String told(Path place) throws IOException {
      return TrainingRecord.read(target(place).resolve("recall-dense.json")).task();
    }
  },

  /** A history, which grows by a file a run. */
  VERIFY {
    @Override
    void run(Path place, int state) throws IOException {
      Path results = place.resolve("results");
      if (!Files.exists(results)) {
        ResultFiles.write("basic/causal-f32", 1, "f32-flash", results);
      }
      String history = target(place).toString();
      String[] line = {
        "verify", results.toString(), "--case", "basic/causal-f32", "--history", history
      };
      Ran.assay(line).is(ExitCode.PASS);
    }

    @Override
    Path target(Path place) {
      return place.resolve("runs");
    }

    @Override
    String told(Path place) throws IOException {
      Set<String> schemas = new HashSet<>();
      for (String name : names(target(place))) {
        if (!name.endsWith(".part")) {
          schemas.add(Json.read(target(place).resolve(name)).get("schema").asString());
        }
      }
      return schemas.toString();
    }
  };

  /** The longest time from the beginning of a write to the kill, so that most fall into it. */
  int micros() {
    return switch (this) {
      case EXPORT -> 5_000;
      case GOLDEN -> 20_000_000;
      case MUTANTS, TRAIN, VERIFY -> 200;
    };
  }

  /** Runs it once. */
  abstract void run(Path place, int state) throws IOException;

  /** The folder that it writes into. */
  abstract Path target(Path place);

  /** Reads what is there, put right if it was cut off; the same text for the same state. */
  abstract String told(Path place) throws IOException;

  /** Whether something is being written, or was left by who did. */
  boolean unfinished(Path place) throws IOException {
    for (Path folder : List.of(place, target(place), target(place).resolve("mutants"))) {
      if (names(folder).stream()
          .anyMatch(name -> name.matches(".*\\.part|.*\\.new-.*|\\.old-.*|\\.done-.*"))) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.forEach(one -> names.add(String.valueOf(one.getFileName())));
      }
    }
    return names;
  }

  private static Set<String> everything(Path folder) throws IOException {
    Set<String> files = new HashSet<>(Checksums.files(folder).keySet());
    files.add(Checksums.FILE);
    return files;
  }

  /** A write puts right what a dead one has left, before it fails itself. */
  private static void repair(Path folder) {
    IOException mine = new IOException("nothing shall be written");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                AtomicFolder.write(
                    folder,
                    KilledVerb::everything,
                    _ -> {
                      throw mine;
                    }));
    assertEquals(mine, thrown.getCause(), thrown.getMessage());
    assertTrue(Files.isDirectory(folder));
  }
}
