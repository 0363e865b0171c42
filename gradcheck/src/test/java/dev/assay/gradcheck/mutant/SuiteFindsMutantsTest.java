package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every wrong kernel is found, and who finds it is what the committed matrix says. */
class SuiteFindsMutantsTest {
  private static final Path COMMITTED =
      Path.of("../testdata/goldens/v1").resolve(KillMatrixFile.PATH);

  private static KillMatrix matrix = new KillMatrix("", List.of(), List.of());

  @BeforeAll
  static void runAll() throws IOException {
    matrix = MutantRun.plain(Suite.load(), id -> true).run(Progress.NONE);
  }

  @Test
  void no_wrong_kernel_survives() {
    assertEquals(
        List.of(), matrix.survivors().stream().map(MutantRow::id).toList(), "mutants that survive");
  }

  @Test
  void there_are_enough_that_the_core_alone_finds() {
    assertTrue(
        matrix.killedByCore() >= KillMatrix.LEAST, "the core finds " + matrix.killedByCore());
    assertTrue(matrix.replayed() >= 20, matrix.replayed() + " replay a reported fault");
    assertTrue(matrix.proven());
  }

  @Test
  void the_committed_matrix_is_what_is_found_today() throws IOException {
    assertEquals(
        Files.readString(COMMITTED),
        KillMatrixFile.text(matrix),
        "the kill matrix is stale: run './assay mutants --write'");
  }

  @Test
  void every_mutant_has_a_number_and_a_fault_of_its_own() {
    Set<String> ids = new HashSet<>();
    Set<String> faults = new HashSet<>();
    for (MutantRow row : matrix.rows()) {
      assertTrue(ids.add(row.id()), row.id());
      assertTrue(faults.add(row.fault()), row.fault());
      for (String report : row.upstream()) {
        assertTrue(report.matches("[\\w.-]+/[\\w.-]+#\\d+"), report);
      }
    }
  }

  @Test
  void every_family_of_the_core_says_why_its_cases_stay() {
    List<String> mute =
        matrix.cases().stream()
            .filter(CaseColumn::core)
            .map(CaseColumn::family)
            .distinct()
            .filter(family -> StayReasons.of(family).isEmpty())
            .toList();
    assertEquals(List.of(), mute, "families without a reason in StayReasons");
  }

  @Test
  void every_case_of_the_core_finds_something_or_cannot_be_run_in_binary32() throws IOException {
    Suite suite = Suite.load();
    List<String> idle =
        matrix.byCase().entrySet().stream()
            .filter(entry -> entry.getValue().isEmpty())
            .map(entry -> suite.find(entry.getKey()))
            .filter(golden -> dev.assay.gradcheck.golden.GoldenWriter.isOfCore(golden.family()))
            .filter(golden -> golden.classes().contains("f32-flash"))
            .map(golden -> golden.name())
            .toList();
    assertEquals(List.of(), idle);
  }

  @Test
  void a_small_set_of_cases_finds_all_of_them() {
    Set<String> small = matrix.smallSet();
    assertTrue(small.size() < 40, small.toString());
    for (MutantRow row : matrix.rows()) {
      assertTrue(
          small.stream()
              .anyMatch(name -> matrix.byCase().getOrDefault(name, List.of()).contains(row.id())),
          row.id());
    }
  }
}
