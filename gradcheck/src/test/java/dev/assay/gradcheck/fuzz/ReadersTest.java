package dev.assay.gradcheck.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Every reader keeps its promise on its valid documents, on changed ones, and on the kept ones. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadersTest {
  private static final int SEED = 20261126;
  private static final int TRIES = 2_000;
  private static final Path KEPT = Path.of("../testdata/fuzz");

  @TestFactory
  Stream<DynamicTest> valid_documents_are_read() throws IOException {
    return FuzzReaders.all().stream()
        .map(
            reader ->
                DynamicTest.dynamicTest(
                    reader.name(),
                    () -> {
                      for (byte[] valid : reader.corpus()) {
                        assertTrue(Probe.accepts(reader, valid));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> changed_documents_are_read_or_refused() throws IOException {
    return FuzzReaders.all().stream()
        .map(reader -> DynamicTest.dynamicTest(reader.name(), () -> mutate(reader)));
  }

  private static void mutate(FuzzReader reader) throws IOException {
    Mutator mutator = new Mutator(SEED);
    int refused = 0;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      byte[] mutant = mutator.mutant(reader.corpus(), attempt);
      try {
        refused += Probe.accepts(reader, mutant) ? 0 : 1;
      } catch (AssertionError broken) {
        throw new AssertionError("seed " + SEED + ", try " + attempt + ": " + broken, broken);
      }
    }
    int found = refused;
    assertTrue(found > TRIES / 10, () -> "only " + found + " of " + TRIES + " were refused");
  }

  /** Each lies in the folder of its reader, and once broke a promise or is of a kind that might. */
  @TestFactory
  Stream<DynamicTest> kept_documents_are_refused() throws IOException {
    List<Path> kept;
    try (Stream<Path> all = Files.walk(KEPT)) {
      kept = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertTrue(!kept.isEmpty(), "there are no kept documents in " + KEPT);
    return kept.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    KEPT.relativize(file).toString(),
                    () -> {
                      String name = String.valueOf(KEPT.relativize(file).getName(0));
                      byte[] bytes = Files.readAllBytes(file);
                      assertTrue(!Probe.accepts(FuzzReaders.find(name), bytes), "it was read");
                    }));
  }
}
