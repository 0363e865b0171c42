package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures that are listed are set apart, until they expire. */
class KnownFailuresTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 6, 1);

  @TempDir private Path folder = Path.of("");

  private KnownFailures list(String entry) throws IOException {
    String text = "{\"schema\": \"assay-known-1\", \"failures\": [%s]}".formatted(entry);
    return KnownFailures.of(Files.writeString(folder.resolve("known.json"), text), Suite.load());
  }

  private KnownFailures until(String day) throws IOException {
    return list(
        "{\"case\": \"dense/square\", \"tensor\": \"out\", \"reason\": \"why\", \"expires\": \"%s\"}"
            .formatted(day));
  }

  private static RunVerdict run(double factor) throws IOException {
    return run(factor, Outcome.FAIL);
  }

  private static RunVerdict run(double factor, Outcome outcome) throws IOException {
    GoldenCase golden = Suite.load().find("dense/square");
    Tensor right = golden.expect().getOrDefault("out", Tensor.scalar(0));
    Tensor value = Tensor.generate(right.shape(), p -> factor * right.get(p));
    Comparison compared =
        Comparison.of("out", DType.F32, value, right, Tensor.full(right.shape(), 1e-6));
    CaseVerdict verdict = CaseVerdict.of(golden, List.of(compared), Map.of(), "again");
    GateLine gate = new GateLine("G2", "out", outcome, "leans");
    return new RunVerdict(
        "suite",
        List.of(
            new SubjectVerdict(
                "mine", PrecisionClass.F32_FLASH, "", List.of(verdict), List.of(gate))),
        List.of(),
        List.of());
  }

  private static CaseVerdict first(RunVerdict verdict) {
    return verdict.subjects().getFirst().cases().getFirst();
  }

  @Test
  void a_listed_failure_is_counted_apart() throws IOException {
    CaseVerdict verdict = first(until("2026-06-01").apart(run(2), TODAY));
    assertEquals(Status.KNOWN, verdict.status());
    assertTrue(verdict.reason().contains("why"), verdict.reason());
  }

  @Test
  void an_entry_that_expired_fails_and_says_so() throws IOException {
    CaseVerdict verdict = first(until("2026-05-31").apart(run(2), TODAY));
    assertEquals(Status.FAILED, verdict.status());
    assertTrue(verdict.reason().contains("expired on 2026-05-31"), verdict.reason());
  }

  @Test
  void an_entry_that_passes_now_is_to_be_removed() throws IOException {
    RunVerdict verdict = until("2026-06-01").apart(run(1), TODAY);
    assertEquals(Status.PASSED, first(verdict).status());
    assertTrue(
        verdict.notes().getFirst().contains("now passes: remove it"), verdict.notes()::toString);
  }

  @Test
  void another_tensor_is_not_known() throws IOException {
    KnownFailures other =
        list(
            "{\"case\": \"dense/square\", \"tensor\": \"dq\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}");
    assertEquals(Status.FAILED, first(other.apart(run(2), TODAY)).status());
  }

  @Test
  void a_listed_gate_does_not_fail_a_run() throws IOException {
    KnownFailures gate =
        list(
            "{\"gate\": \"G2\", \"tensor\": \"out\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}");
    assertTrue(run(1).failed());
    assertFalse(gate.apart(run(1), TODAY).failed());
  }

  @Test
  void a_gate_is_to_be_removed_only_where_it_was_judged_and_passed() throws IOException {
    String entry =
        "{\"gate\": \"G2\", \"tensor\": \"%s\", \"impl\": \"%s\", \"reason\": \"x\", "
            + "\"expires\": \"2027-01-01\"}";
    KnownFailures mine = list(entry.formatted("out", "mine"));
    assertEquals(1, mine.apart(run(1, Outcome.PASS), TODAY).notes().size());
    assertEquals(List.of(), mine.apart(run(1, Outcome.NOT_ENOUGH), TODAY).notes());
    KnownFailures tensor = list(entry.formatted("dq", "mine"));
    assertEquals(List.of(), tensor.apart(run(1, Outcome.PASS), TODAY).notes());
    KnownFailures other = list(entry.formatted("out", "another"));
    assertEquals(List.of(), other.apart(run(1, Outcome.PASS), TODAY).notes());
  }

  @Test
  void a_tensor_that_was_not_compared_is_not_said_to_pass() throws IOException {
    KnownFailures other =
        list(
            "{\"case\": \"dense/square\", \"tensor\": \"dq\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}");
    assertEquals(List.of(), other.apart(run(1), TODAY).notes());
  }

  @Test
  void bad_lists_are_refused() {
    for (String bad :
        List.of(
            "{\"case\": \"no/such\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}",
            "{\"case\": \"dense/square\", \"reason\": \"x\", \"expires\": \"soon\"}",
            "{\"case\": \"dense/square\", \"expires\": \"2027-01-01\"}",
            "{\"case\": \"dense/square\", \"tensor\": \"dQ\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}",
            "{\"gate\": \"G2\", \"tensor\": \"dQ\", \"reason\": \"x\", \"expires\": \"2027-01-01\"}",
            "{\"reason\": \"x\", \"expires\": \"2027-01-01\"}",
            "1")) {
      assertThrows(FormatException.class, () -> list(bad), bad);
    }
  }
}
