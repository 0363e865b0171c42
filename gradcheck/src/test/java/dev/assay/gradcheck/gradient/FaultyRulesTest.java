package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.gradient.Faulty.Fault;
import dev.assay.op.OpCatalog;
import dev.assay.op.Sample;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A spoilt rule of any op is found, in every way that looks at rules. */
class FaultyRulesTest {
  private static final int SEED = 7;
  private static final Set<String> NO_GRADIENT = Set.of("Detach", "Step", "StraightThrough");

  /** One sample of every op that has a gradient for its first input. */
  private static List<Sample> samples() {
    List<Sample> samples =
        OpCatalog.samples().stream()
            .filter(s -> !NO_GRADIENT.contains(s.op().name()) && !s.remark().equals("nothing"))
            .toList();
    assertTrue(samples.size() >= 30, "only " + samples.size() + " samples");
    return samples;
  }

  private static Tally run(SubjectCheck check, Sample sample, Fault fault) {
    Subject subject =
        Subject.of(
            sample.op().name() + " " + fault,
            new Faulty(sample.op(), fault),
            sample.inputs(),
            OpCatalog.withoutGradient(sample.op()));
    return check.run(subject, new Directions(SEED, subject.name()));
  }

  private static void assertFound(SubjectCheck check, Fault fault) {
    for (Sample sample : samples()) {
      Tally tally = run(check, sample, fault);
      assertTrue(
          tally.failed() > 0 && tally.worst() > 1,
          check.way() + " overlooks " + fault + " in " + sample.op() + ", seed " + SEED);
    }
  }

  @TestFactory
  List<DynamicTest> adjoint_identity_and_differences_find() {
    SubjectCheck adjoint = new Adjoint(8, Faulty::rule);
    SubjectCheck differences = new Differences(3, 4);
    return List.of(Fault.SCALED, Fault.LOST, Fault.NEGATED, Fault.MISSING).stream()
        .flatMap(
            fault ->
                List.of(adjoint, differences).stream()
                    .map(
                        check ->
                            DynamicTest.dynamicTest(
                                fault + " by " + check.way(), () -> assertFound(check, fault))))
        .toList();
  }

  @Test
  void a_gradient_that_is_a_constant_is_found_only_by_second_derivatives() {
    for (Sample sample : samples()) {
      String name = sample.op().name();
      assertEquals(0, run(new Adjoint(8, Faulty::rule), sample, Fault.CONSTANT).failed(), name);
      assertEquals(0, run(new Differences(3, 4), sample, Fault.CONSTANT).failed(), name);
    }
    for (String curved : List.of("Mul", "Div", "Exp", "Tanh", "Sddmm", "Spmm", "MaskedSoftmax")) {
      Sample sample =
          samples().stream().filter(s -> s.op().name().equals(curved)).findFirst().orElseThrow();
      assertTrue(
          run(new SecondDerivatives(2, 2, Faulty::rule), sample, Fault.CONSTANT).failed() > 0,
          curved);
    }
  }

  @Test
  void a_backward_pass_that_wavers_is_found_by_repeating_it() {
    Sample sample = samples().getFirst();
    assertTrue(run(new Repeat(), sample, Fault.WAVERING).failed() > 0);
  }

  @Test
  void a_failed_direction_names_the_element() {
    Sample sample =
        samples().stream().filter(s -> s.op().name().equals("MatMul")).findFirst().orElseThrow();
    Tally tally = run(new Differences(1, 0), sample, Fault.LOST);
    assertTrue(tally.remarks().toString().contains("dx0[0, 0, 0]"), tally.remarks().toString());
  }
}
