package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.engine.ScalarEngine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.Window;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SimdEngineTest {
  private static final Engine SIMD = new SimdEngine(2);
  private static final Plan LINEAR = new RecurrentPlan(RecurrentPlan.Rule.LINEAR, null, null);
  private static final Tensor ROWS = new Draw(27).bell(1, 1, 1, 4, 8);

  private static AttentionProblem problem(Storage storage) {
    Tensor rows = ROWS.to(storage);
    return AttentionProblem.of(rows, rows, rows).build();
  }

  @Test
  void is_found_by_its_id() {
    assertInstanceOf(SimdEngine.class, Engines.find("simd"));
  }

  @Test
  @Tag("width")
  void has_the_width_that_was_asked_for() {
    String asked = System.getProperty("assay.vector.bits");
    if (asked != null) {
      assertEquals(Integer.parseInt(asked), Lanes.LANES * Float.SIZE);
    }
    String description = SIMD.availability().description();
    assertTrue(description.contains(Lanes.LANES * Float.SIZE + "-bit vectors"), description);
  }

  private static void refused(AttentionProblem problem, Plan plan, Demand demand, String reason) {
    Support support = SIMD.supports(problem, plan, EnumSet.of(demand));
    assertFalse(support.yes());
    assertEquals(reason, support.reason());
    assertFalse(new ScalarEngine().supports(problem, plan, EnumSet.of(demand)).yes());
  }

  @Test
  void plans_without_a_log_sum_exp_are_asked_for_none() {
    AttentionProblem problem = problem(Storage.F32);
    refused(problem, new FeaturePlan(0), Demand.LSE, "a feature plan has no log-sum-exp here");
    refused(problem, LINEAR, Demand.D_LSE, "a recurrent plan has no log-sum-exp here");
  }

  @Test
  void plans_without_logits_have_no_place_for_what_changes_them() {
    Tensor rows = ROWS.to(Storage.F32);
    ProblemBuilder problem = AttentionProblem.of(rows, rows, rows);
    refused(
        problem.softcap(2).build(),
        new FeaturePlan(0),
        Demand.FORWARD,
        "a feature plan has no place for a softcap");
    AttentionProblem windowed = problem.softcap(0).window(new Window(1, 0)).build();
    refused(windowed, LINEAR, Demand.FORWARD, "a recurrent plan has no place for a window");
    assertThrows(UnsupportedPlanException.class, () -> SIMD.forward(windowed, LINEAR));
  }

  @Test
  void a_recurrence_wants_as_many_queries_as_keys() {
    Tensor rows = ROWS.to(Storage.F32);
    AttentionProblem shorter = AttentionProblem.of(rows, rows, rows).keyLengths(3).build();
    refused(
        shorter,
        LINEAR,
        Demand.FORWARD,
        "a recurrent plan wants as many queries as keys and no offset, but sequence 0 has 4 queries, 3 keys and offset -1");
  }

  @Test
  void a_merge_with_an_unsupported_branch_names_the_branch() {
    AttentionProblem problem = problem(Storage.F32);
    Plan merge =
        new MergePlan(
            List.of(new Branch(problem, new DensePlan()), new Branch(problem, new FeaturePlan(0))),
            null);
    Support support = SIMD.supports(problem, merge, EnumSet.of(Demand.FORWARD));
    assertTrue(support.reason().startsWith("branch 1: "), support.reason());
  }

  @Test
  void a_merge_by_gates_has_no_lse_to_differentiate() {
    AttentionProblem problem = problem(Storage.F32);
    Tensor gates = new Draw(27).bell(2, 1, 1, 1, 4);
    Plan merge = new MergePlan(List.of(new Branch(problem, new DensePlan())), gates);
    assertFalse(SIMD.supports(problem, merge, EnumSet.of(Demand.D_LSE)).yes());
  }

  @Test
  void f64_tensors_are_refused_not_converted() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> SIMD.forward(problem(Storage.F64), new DensePlan()));
    assertEquals("q is held as F64: the simd engine wants F32", failure.getMessage());
  }

  @Test
  void a_cotangent_of_another_shape_is_refused() {
    AttentionProblem problem = problem(Storage.F32);
    Forward forward = SIMD.forward(problem, new DensePlan());
    Tensor wrong = new Draw(27).bell(3, 1, 1, 4, 7).to(Storage.F32);
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> SIMD.backward(problem, new DensePlan(), forward, wrong, null));
    assertEquals("d_out has shape [1, 1, 4, 7]: [1, 1, 4, 8] is needed", failure.getMessage());
  }

  @Test
  void without_the_module_it_says_what_to_pass() throws IOException, InterruptedException {
    String report = availabilityIn("-Dassay.threads=2");
    assertTrue(report.contains("available=false"), report);
    assertTrue(report.contains("--add-modules jdk.incubator.vector"), report);
  }

  @Test
  void a_width_that_does_not_exist_is_named() throws IOException, InterruptedException {
    String report = availabilityIn("--add-modules=jdk.incubator.vector", "-Dassay.vector.bits=96");
    assertTrue(report.contains("assay.vector.bits is 96"), report);
  }

  @Test
  void a_number_of_threads_that_makes_no_sense_is_named() throws IOException, InterruptedException {
    String report = availabilityIn("--add-modules=jdk.incubator.vector", "-Dassay.threads=none");
    assertTrue(report.contains("assay.threads is none"), report);
  }

  /** What {@link Say} prints in a JVM of its own. */
  private static String availabilityIn(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Say.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** Prints what the engine says of itself. */
  static final class Say {
    private Say() {}

    public static void main(String[] args) {
      Availability availability = Engines.find("simd").availability();
      System.out.println(availability);
    }
  }
}
