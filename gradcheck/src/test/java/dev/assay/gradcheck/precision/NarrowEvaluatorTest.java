package dev.assay.gradcheck.precision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.precision.Sweep.Axis;
import dev.assay.mechanism.Mechanism;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole mechanisms in narrow numbers. */
class NarrowEvaluatorTest {
  private static Setup setup(String id, int tokens, boolean backward) {
    return new Setup(MechanismCatalog.find(id), tokens, 16, 2, 1, 1, backward);
  }

  private static Machine machine(NumberFormat stored, RoundingRule rule, Summation order) {
    return new Machine(stored, NumberFormat.F32, rule, order, 16);
  }

  private static Errors out(Setup setup, Machine machine) {
    return Objects.requireNonNull(errors(setup, machine).get("out"));
  }

  private static SequencedMap<String, Errors> errors(Setup setup, Machine machine) {
    return Errors.of(setup.recorded(machine.storage()), machine, 1);
  }

  @TestFactory
  Stream<DynamicTest> every_mechanism_stays_near_its_definition_in_binary32() {
    return MechanismCatalog.all().stream()
        .map(Mechanism::id)
        .map(id -> DynamicTest.dynamicTest(id, () -> staysNear(id)));
  }

  private static void staysNear(String id) {
    Machine plain = machine(NumberFormat.F32, RoundingRule.NEAREST, Summation.NAIVE);
    SequencedMap<String, Errors> errors = errors(setup(id, 32, true), plain);
    assertTrue(errors.size() > 1, "no gradients");
    errors.forEach(
        (tensor, error) -> {
          assertEquals(0, error.broken(), tensor);
          // Far above any rounding of these sizes, and far below any other meaning; gradients of
          // parameters are small where large parts cancel.
          double allowed = tensor.equals("out") ? 1e-5 : 0.02;
          assertTrue(error.rms() < allowed, () -> tensor + " is off by " + error.rms());
        });
  }

  @ParameterizedTest
  @EnumSource(Summation.class)
  void every_order_gives_the_same_attention_up_to_rounding(Summation order) {
    Machine machine = machine(NumberFormat.F32, RoundingRule.NEAREST, order);
    errors(setup("dense", 100, true), machine)
        .forEach(
            (tensor, error) -> assertTrue(error.rms() < 1e-5, () -> tensor + " " + error.rms()));
  }

  @Test
  void storage_decides_the_error_where_sums_are_wide() {
    double before = Double.POSITIVE_INFINITY;
    for (NumberFormat stored :
        List.of(NumberFormat.E5M2, NumberFormat.E4M3, NumberFormat.BF16, NumberFormat.FP16)) {
      Machine machine = machine(stored, RoundingRule.NEAREST, Summation.BLOCKED);
      double error = out(setup("dense", 64, false), machine).rms();
      assertTrue(error < before, stored + " errs by " + error);
      // Few roundings to the storage: weights, values given, the output.
      assertTrue(error < 4 * stored.unitRoundoff(), stored + " errs by " + error);
      before = error;
    }
  }

  @Test
  void a_long_softmax_errs_less_in_pairs_than_in_a_row() {
    Sweep lengths = new Sweep(Axis.N, List.of(64.0, 512.0));
    Setup setup = new Setup(MechanismCatalog.find("dense"), 0, 8, 1, 1, 1, false);
    Machine row = machine(NumberFormat.F32, RoundingRule.ZERO, Summation.NAIVE);
    Machine pairs = machine(NumberFormat.F32, RoundingRule.ZERO, Summation.PAIRWISE);
    List<Curve> curves = lengths.run(setup, List.of(row, pairs), _ -> {});
    Curve plain = lse(curves, row);
    assertTrue(plain.slope().orElseThrow() > 0.6, () -> "slope " + plain.slope());
    assertTrue(last(lse(curves, pairs)) * 4 < last(plain), () -> "" + last(plain));
  }

  private static Curve lse(List<Curve> curves, Machine machine) {
    return curves.stream()
        .filter(curve -> curve.tensor().equals("lse") && curve.machine().equals(machine))
        .findFirst()
        .orElseThrow();
  }

  private static double last(Curve curve) {
    return curve.points().getLast().errors().rms();
  }

  @Test
  void weights_of_eight_bits_vanish_in_a_long_row_unless_divided_at_the_end() {
    Setup setup = new Setup(MechanismCatalog.find("dense"), 1024, 8, 1, 0.25, 1, false);
    double before =
        out(setup, machine(NumberFormat.E4M3, RoundingRule.NEAREST, Summation.NAIVE)).rms();
    double after =
        out(setup, machine(NumberFormat.E4M3, RoundingRule.NEAREST, Summation.BLOCKED)).rms();
    assertTrue(before > 5 * after, () -> before + " against " + after);
  }

  @Test
  void the_same_seed_throws_the_same_dice() {
    Machine machine = machine(NumberFormat.BF16, RoundingRule.STOCHASTIC, Summation.NAIVE);
    Setup setup = setup("sliding-window", 32, true);
    assertEquals(errors(setup, machine), errors(setup, machine));
  }

  @Test
  void cutting_off_bits_makes_magnitudes_smaller() {
    Machine machine = machine(NumberFormat.BF16, RoundingRule.ZERO, Summation.NAIVE);
    Errors out = out(setup("dense", 64, false), machine);
    assertTrue(out.lean() < -0.1 * NumberFormat.BF16.unitRoundoff(), () -> "lean " + out.lean());
  }

  @Test
  void sums_that_cannot_hold_what_is_stored_are_refused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Machine(
                    NumberFormat.BF16,
                    NumberFormat.FP16,
                    RoundingRule.NEAREST,
                    Summation.NAIVE,
                    1));
    assertTrue(String.valueOf(refused.getMessage()).contains("sums must be of a format"));
  }
}
