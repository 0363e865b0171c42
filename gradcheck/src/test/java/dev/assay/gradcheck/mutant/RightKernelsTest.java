package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.gate.BiasGate;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.gate.GateShare;
import dev.assay.gradcheck.mutant.Form.Order;
import dev.assay.gradcheck.mutant.RightRun.Right;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.selected.Moba;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A suite that blames the innocent is worth nothing: right kernels set off no gate. */
class RightKernelsTest {
  /** 'assay mutants' draws more. */
  private static final int TRIES = 12;

  @Test
  void no_right_kernel_is_blamed() throws IOException {
    List<Right> all =
        new RightRun(Suite.load(), List.of(new ScalarEngine()), TRIES).run(Progress.NONE);
    List<String> alarms = new ArrayList<>();
    long elements = 0;
    for (Right one : all) {
      elements += one.elements();
      one.alarms().forEach(problem -> alarms.add(one.name() + " on " + problem));
    }
    System.out.printf("%d right kernels, %d elements, no alarm%n", all.size(), elements);
    assertEquals(List.of(), alarms);
    assertTrue(elements > 3_000_000, "only " + elements + " elements were looked at");
  }

  @ParameterizedTest
  @EnumSource(
      value = PrecisionClass.class,
      names = {"F32_FLASH", "BF16_FLASH", "FP16_FLASH"})
  void no_right_kernel_leans_over_the_whole_suite(PrecisionClass precision) throws IOException {
    List<Order> orders =
        precision == PrecisionClass.F32_FLASH
            ? List.of(Order.ASCENDING)
            : List.of(Order.ASCENDING, Order.MATRIX_UNITS);
    for (Order order : orders) {
      PlainKernel kernel = PlainKernel.right(new Form(precision, 32, order, 1, 1));
      List<GateLine> lines = lines(kernel, precision);
      Set<String> judged = new HashSet<>();
      for (GateLine line : lines) {
        assertNotEquals(
            Outcome.FAIL, line.outcome(), kernel.id() + ", " + line.tensor() + ": " + line.text());
        if (line.outcome() == Outcome.PASS) {
          judged.add(line.tensor());
        }
      }
      assertTrue(judged.containsAll(List.of("out", "lse", "dq", "dk", "dv")), judged::toString);
    }
  }

  private static List<GateLine> lines(PlainKernel kernel, PrecisionClass precision)
      throws IOException {
    BiasGate gate = new BiasGate(precision);
    for (GoldenCase golden : Suite.load().cases()) {
      if (golden.result() == Expectation.VALID && golden.dtype() == precision.storage()) {
        List<Comparison> compared = Alarms.of(golden).compared(kernel);
        gate.add(golden, compared.stream().map(each -> GateShare.of(golden, each)).toList());
      }
    }
    return gate.lines();
  }

  @Test
  void matrix_units_cut_off_what_they_cannot_hold() {
    Form units = new Form(PrecisionClass.FP16_FLASH, 32, Order.MATRIX_UNITS, 1, 1);
    Form rounded = new Form(PrecisionClass.FP16_FLASH, 32, Order.ASCENDING, 1, 1);
    float[] terms = {1, 0x1.8p-24f};
    assertEquals(1 + 0x1p-23f, rounded.sum(terms));
    assertEquals(1, units.sum(terms));
    assertEquals(-1, units.sum(new float[] {-1, -0x1.8p-24f}));
    // Within 16 terms nothing is lost before the end.
    assertEquals(1 + 0x1p-23f, units.sum(new float[] {1, 0x1p-24f, 0x1p-24f}));
    float[] ones = {1, 1, 0x1p-24f};
    assertEquals(1, units.dot(ones, 1, ones, 1, 2));
  }

  @Test
  void a_join_by_lse_that_is_not_declared_is_found_where_nothing_else_rounds() throws IOException {
    var kernel =
        PlainKernel.right(
            new Form(PrecisionClass.F32_FLASH, 1, Order.ASCENDING, 3, 1).joinedByLse());
    int found = 0;
    for (GoldenCase golden : Suite.load().cases()) {
      if (golden.family().equals("exact") && golden.exact().contains("out")) {
        Alarms alarms = Alarms.of(golden);
        found += alarms.run(kernel, Map.of()).closed().isEmpty() ? 0 : 1;
        var declared = alarms.declaring(kernel.form().declared()).run(kernel, Map.of());
        assertEquals(Set.of(), declared.closed(), golden.name());
      }
    }
    assertTrue(found > 0, "no exact case tells a join by LSE from one by sums");
  }

  @Test
  void the_right_choice_of_blocks_is_not_blamed() throws IOException {
    int chosen = 0;
    for (GoldenCase golden : Suite.load().cases()) {
      if (golden.mechanism() instanceof Moba moba && golden.expect().containsKey("idx")) {
        var idx = new PlainChoice(Lines.RIGHT.choice(), moba, golden.inputs()).idx();
        var run = Alarms.of(golden).run(PlainKernel.right(Form.USUAL), Map.of("idx", idx));
        assertTrue(run.judged(), golden.name());
        assertEquals(Set.of(), run.closed(), golden.name());
        chosen++;
      }
    }
    assertTrue(chosen >= 5, chosen + " cases choose");
  }
}
