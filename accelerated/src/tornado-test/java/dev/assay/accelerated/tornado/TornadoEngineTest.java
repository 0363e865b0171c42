package dev.assay.accelerated.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.accelerated.simd.Draw;
import dev.assay.accelerated.simd.Trial;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(
    value = "dev.assay.accelerated.tornado.TestDevice#present",
    disabledReason = "TornadoVM finds no device here")
class TornadoEngineTest {
  private static final Tensor ROWS = new Draw(27).bell(1, 1, 1, 4, 8);

  private static AttentionProblem problem(Storage storage) {
    Tensor rows = ROWS.to(storage);
    return AttentionProblem.of(rows, rows, rows).build();
  }

  @Test
  void is_found_by_its_id_and_hides_nobody() {
    assertInstanceOf(TornadoEngine.class, Engines.find("tornado"));
    assertEquals("simd", Engines.find("simd").id());
  }

  @Test
  void a_kernel_that_the_driver_does_not_compile_is_an_error() {
    Engine broken = new TornadoEngine(false, "-no-such-flag");
    AttentionProblem problem = problem(Storage.F32);
    assertThrows(RuntimeException.class, () -> broken.forward(problem, new DensePlan()));
  }

  @Test
  void does_not_run_where_a_broken_kernel_would_become_java() {
    String set = System.setProperty(Settings.RECOVER, "True");
    try {
      Engine lax = new TornadoEngine();
      Availability here = lax.availability();
      assertFalse(here.available());
      assertTrue(here.remedy().contains("-Dtornado.recover.bailout=False"), here.remedy());
      assertThrows(
          UnsupportedPlanException.class, () -> lax.forward(problem(Storage.F32), new DensePlan()));
    } finally {
      System.setProperty(Settings.RECOVER, set == null ? "False" : set);
    }
  }

  @Test
  void a_device_that_does_not_exist_is_refused_with_those_that_do() {
    System.setProperty(Settings.DEVICE, "7:0");
    try {
      Availability here = new TornadoEngine().availability();
      assertFalse(here.available());
      assertTrue(here.description().contains("0:0"), here.description());
    } finally {
      System.clearProperty(Settings.DEVICE);
    }
  }

  @Test
  void says_what_devices_there_are_and_what_their_arithmetic_is_like() {
    List<String> details = TestDevice.ENGINE.details();
    assertTrue(details.getFirst().startsWith("device 0:0, "), details.toString());
    assertTrue(details.stream().anyMatch(line -> line.startsWith("exp errs by")));
    assertFalse(details.toString().contains("FAILED"), details.toString());
  }

  @Test
  void the_exponential_is_as_good_as_the_precision_class_says() throws Exception {
    assertTrue(Probes.on(Devices.chosen()).expError() <= 2);
  }

  @Test
  void plans_without_a_kernel_are_refused_with_a_reason() {
    List<Plan> others =
        List.of(
            new GatherPlan(new int[5], new int[0], new int[0]),
            new FeaturePlan(0),
            new RecurrentPlan(RecurrentPlan.Rule.LINEAR, null, null));
    AttentionProblem problem = problem(Storage.F32);
    for (Plan plan : others) {
      Support support = TestDevice.ENGINE.supports(problem, plan, EnumSet.of(Demand.FORWARD));
      assertFalse(support.yes());
      assertFalse(support.reason().isBlank());
      assertThrows(UnsupportedPlanException.class, () -> TestDevice.ENGINE.forward(problem, plan));
    }
  }

  @Test
  void a_merge_with_an_unsupported_branch_names_the_branch() {
    AttentionProblem problem = problem(Storage.F32);
    Plan merge =
        new MergePlan(
            List.of(new Branch(problem, new DensePlan()), new Branch(problem, new FeaturePlan(0))),
            null);
    Support support = TestDevice.ENGINE.supports(problem, merge, EnumSet.of(Demand.FORWARD));
    assertTrue(support.reason().startsWith("branch 1: "), support.reason());
  }

  @Test
  void tensors_in_another_storage_are_refused() {
    AttentionProblem problem = problem(Storage.F64);
    assertThrows(
        IllegalArgumentException.class, () -> TestDevice.ENGINE.forward(problem, new DensePlan()));
  }

  @Test
  void one_program_serves_problems_of_different_shapes() {
    Programs programs = new Programs(Devices.chosen(), true, Program.STRICT);
    Runs runs = new Runs(programs, false);
    Draw draw = new Draw(3);
    for (int n = 1; n < 60; n += 17) {
      Tensor rows = draw.bell(n, 1, 2, n, n).to(Storage.F32);
      runs.forward(AttentionProblem.of(rows, rows, rows).build(), new DensePlan());
    }
    assertEquals(1, programs.size());
  }

  @Test
  void the_same_input_gives_the_same_bits() {
    Draw draw = new Draw(23);
    AttentionProblem problem =
        AttentionProblem.of(
                draw.bell(1, 2, 4, 140, 16),
                draw.bell(2, 2, 2, 100, 16),
                draw.bell(3, 2, 2, 100, 16))
            .causal(true)
            .bias(draw.bell(7, 1, 1, 140, 100))
            .build();
    Trial trial = new Trial("again", problem, new DensePlan(), 1);
    trial.sameBits(TestDevice.ENGINE, new TornadoEngine());
  }
}
