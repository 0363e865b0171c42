package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Implementations that openly do things another way, and are right. */
class DeclaredConventionsTest {
  private static final String EMPTY_ROWS = "grad/empty-rows";

  @TempDir private Path folder;

  private HandedIn handedIn() {
    return new HandedIn(folder, PrecisionClass.F32_FLASH);
  }

  private static Map<String, Tensor> withEmptyLse(double number) {
    Map<String, Tensor> results = HandedIn.right(EMPTY_ROWS);
    results.computeIfPresent(
        "lse", (_, lse) -> HandedIn.changed(lse, (_, x) -> Double.isInfinite(x) ? number : x));
    return results;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1e30", "-3.4e38", "0", "-0.0", "0.1", "nan", "+inf", "-inf"})
  void the_lse_of_an_empty_row_is_compared_in_the_type_that_it_was_handed_in(String declared)
      throws IOException {
    String number = declared.replace("inf", "Infinity").replace("nan", "NaN");
    handedIn().put(EMPTY_ROWS, withEmptyLse(Double.parseDouble(number)));
    List<GoldenCase> one = List.of(HandedIn.SUITE.find(EMPTY_ROWS));
    assertFalse(handedIn().verify(one, Map.of("lse_empty", declared), false).failed());
    String other = declared.equals("0.1") ? "0.2" : "0.1";
    assertEquals(
        !declared.equals("-inf"),
        handedIn().verify(one, Map.of("lse_empty", other), false).failed());
  }

  @Test
  void minus_zero_in_empty_rows_is_the_zero_that_was_declared() throws IOException {
    handedIn().put(EMPTY_ROWS, withEmptyLse(-0.0));
    List<GoldenCase> one = List.of(HandedIn.SUITE.find(EMPTY_ROWS));
    assertFalse(handedIn().verify(one, Map.of("lse_empty", "0"), false).failed());
  }

  private static List<GoldenCase> windows() {
    return HandedIn.SUITE.cases().stream()
        .filter(one -> one.classes().contains("f32-flash") && one.refuseCode() == null)
        .filter(one -> one.mechanism() instanceof SlidingWindow)
        .toList();
  }

  @Test
  void a_window_of_the_others_passes_every_case_where_it_is_declared() throws IOException {
    HandedIn set = handedIn();
    for (GoldenCase golden : windows()) {
      Map<String, String> settings = new LinkedHashMap<>(Settings.of(golden.mechanism()));
      settings.compute("window", (_, w) -> "" + (Integer.parseInt("" + w) + 1));
      Mechanism wider = Settings.make(golden.mechanism().getClass(), settings);
      set.put(golden.name(), Evaluation.define(wider, golden.inputs()).results());
    }
    assertTrue(windows().stream().anyMatch(one -> one.twin() != null), "no twin among windows");
    assertTrue(windows().stream().anyMatch(one -> !one.exact().isEmpty()), "none is exact");
    RunVerdict run = set.verify(windows(), Map.of("window", "others"), false);
    assertEquals(
        List.of(),
        run.subjects().getFirst().cases().stream()
            .filter(one -> one.status() != Status.PASSED)
            .map(one -> one.golden().name() + ": " + one.reason())
            .toList());
  }

  private static GoldenCase twin() {
    return HandedIn.SUITE.cases().stream()
        .filter(one -> one.twin() != null && one.classes().contains("f32-flash"))
        .filter(one -> one.exact().isEmpty() && one.expect().containsKey("dq"))
        .findFirst()
        .orElseThrow();
  }

  private RunVerdict twins(String changed, HandedIn.Change change, Map<String, String> options)
      throws IOException {
    GoldenCase second = twin();
    String first = Objects.requireNonNull(second.twin());
    Map<String, Tensor> results = HandedIn.right(second.name());
    results.computeIfPresent(changed, (_, tensor) -> HandedIn.changed(tensor, change));
    HandedIn set = handedIn().put(first, HandedIn.right(first)).put(second.name(), results);
    return set.verify(List.of(HandedIn.SUITE.find(first), second), options, false);
  }

  @Test
  void a_tensor_declared_nondeterministic_need_not_have_the_bits_of_its_twin() throws IOException {
    HandedIn.Change ulp = (_, x) -> x == 0 ? x : x + Math.ulp((float) x);
    assertTrue(twins("dq", ulp, Map.of()).failed());
    assertTrue(twins("dq", ulp, Map.of("nondeterministic", "dk,dv")).failed());
    assertFalse(twins("dq", ulp, Map.of("nondeterministic", "dv, dq")).failed());
  }

  @Test
  void a_tensor_declared_nondeterministic_still_keeps_to_its_bounds() throws IOException {
    assertTrue(twins("dq", (_, x) -> 1.01 * x, Map.of("nondeterministic", "dq")).failed());
  }

  @Test
  void minus_zero_is_no_difference_between_twins() throws IOException {
    assertFalse(twins("out", (_, x) -> x == 0 ? -0.0 : x, Map.of()).failed());
  }

  @Test
  void a_list_of_tensors_has_names_in_it() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Conventions.of(Map.of("nondeterministic", "dq,,dk"), Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Conventions.of(Map.of("nondeterministic", ""), Map.of()));
  }

  /** Cases whose output no usual order of evaluation rounds. */
  private static List<GoldenCase> exact() {
    return HandedIn.SUITE.cases().stream()
        .filter(one -> one.classes().contains("f32-flash") && one.refuseCode() == null)
        .filter(one -> one.exact().contains("out"))
        .filter(one -> nonZero(one.expect().get("out")))
        .toList();
  }

  private static boolean nonZero(@Nullable Tensor out) {
    return out != null && Arrays.stream(out.toDoubles()).anyMatch(x -> x != 0);
  }

  @Test
  void a_join_by_lse_may_round_what_is_exact_where_it_is_declared() throws IOException {
    GoldenCase golden = exact().getFirst();
    Map<String, Tensor> results = HandedIn.right(golden.name());
    results.computeIfPresent(
        "out", (_, out) -> HandedIn.changed(out, (_, x) -> x + Math.ulp((float) x)));
    HandedIn set = handedIn().put(golden.name(), results);
    List<GoldenCase> one = List.of(golden);
    assertTrue(set.verify(one, Map.of(), false).failed());
    assertTrue(set.verify(one, Map.of("join", "sums"), false).failed());
    assertFalse(set.verify(one, Map.of("join", "lse"), false).failed());
  }

  @Test
  void a_join_by_lse_still_keeps_to_its_bounds() throws IOException {
    GoldenCase golden = exact().getFirst();
    Map<String, Tensor> results = HandedIn.right(golden.name());
    results.computeIfPresent("out", (_, out) -> HandedIn.changed(out, (_, x) -> 1.01 * x));
    HandedIn set = handedIn().put(golden.name(), results);
    assertTrue(set.verify(List.of(golden), Map.of("join", "lse"), false).failed());
  }

  @Test
  void a_choice_stays_exact_however_parts_are_joined() {
    Declared byLse = Conventions.of(Map.of("join", "lse"), Map.of()).declared();
    int choices = 0;
    for (GoldenCase golden : HandedIn.SUITE.cases()) {
      if (golden.exact().contains("idx")) {
        assertEquals(List.of("idx"), Recast.asked(golden, byLse).exact(), golden.name());
        choices++;
      }
    }
    assertTrue(choices > 0, "no case has an exact choice");
  }

  @Test
  void parts_are_joined_in_one_of_two_ways() {
    assertThrows(
        IllegalArgumentException.class, () -> Conventions.of(Map.of("join", "max"), Map.of()));
  }
}
