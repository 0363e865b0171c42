package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.engine.Support;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParityTest {
  private static final ScalarEngine SCALAR = new ScalarEngine();
  private static final int SEED = 5;
  private static final Replay REPLAY = new Replay("./assay", List.of("parity"));

  /** The scalar engine under another name. */
  private static class Likeness implements Engine {
    private final String id;

    Likeness(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Availability availability() {
      return SCALAR.availability();
    }

    @Override
    public Storage storage() {
      return SCALAR.storage();
    }

    @Override
    public String precisionClass() {
      return SCALAR.precisionClass();
    }

    @Override
    public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
      return SCALAR.supports(problem, plan, demands);
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      return SCALAR.forward(problem, plan);
    }

    @Override
    public Gradients backward(
        AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
      return SCALAR.backward(problem, plan, forward, dOut, dLse);
    }
  }

  /** Wrong where there are more than 20 keys. */
  private static final class WrongBeyond20Keys extends Likeness {
    WrongBeyond20Keys() {
      super("wrong-beyond-20");
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      Forward right = super.forward(problem, plan);
      double factor = problem.keys() > 20 ? 1.01 : 1;
      Tensor out = Tensor.generate(right.out().shape(), p -> factor * right.out().get(p));
      return new Forward(out, right.lse());
    }
  }

  /** Declared to be of binary16. */
  private static final class Narrow extends Likeness {
    Narrow() {
      super("narrow");
    }

    @Override
    public String precisionClass() {
      return "fp16-flash";
    }
  }

  /** As a library would be that gives the output alone. */
  private static final class OutputOnly extends Likeness {
    OutputOnly() {
      super("output-only");
    }

    @Override
    public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
      boolean more = demands.contains(Demand.LSE) || demands.contains(Demand.BACKWARD);
      return more ? Support.no("gives the output alone") : super.supports(problem, plan, demands);
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      return new Forward(super.forward(problem, plan).out(), null);
    }
  }

  @Test
  void a_refusal_is_asked_only_of_an_engine_that_holds_the_types_of_the_case() {
    GoldenCase refused = HandedIn.SUITE.find("refuse/widths-differ");
    RunVerdict verdict =
        new Parity(HandedIn.SUITE, List.of(refused), new Narrow(), SCALAR, SEED, 0, 0, REPLAY)
            .run(Progress.NONE);
    CaseVerdict only = verdict.subjects().getFirst().cases().getFirst();
    assertEquals(Status.NOT_SUPPORTED, only.status(), only.reason());
  }

  @Test
  void what_an_engine_does_not_give_is_not_supported_on_random_problems_too() {
    RunVerdict verdict = random(new OutputOnly(), 0, 12);
    assertFalse(verdict.malformed());
    CaseVerdict first = verdict.subjects().getFirst().cases().getFirst();
    assertEquals(Status.PASSED, first.status(), first.reason());
    assertTrue(first.unsupported().keySet().containsAll(Set.of("lse", "dq", "dk", "dv")));
  }

  private static RunVerdict random(Engine engine, int first, int tries) {
    return new Parity(HandedIn.SUITE, List.of(), engine, SCALAR, SEED, first, tries, REPLAY)
        .run(Progress.NONE);
  }

  @Test
  void an_engine_agrees_with_itself_on_every_try() {
    RunVerdict verdict = random(SCALAR, 0, 24);
    assertFalse(verdict.failed());
    assertEquals(24, verdict.subjects().getFirst().count(Status.PASSED));
    assertEquals(0, verdict.subjects().getFirst().tightness());
  }

  @Test
  void a_failing_problem_is_made_as_small_as_it_can_be() {
    CaseVerdict failed =
        random(new WrongBeyond20Keys(), 0, 12).subjects().getFirst().cases().stream()
            .filter(one -> one.status() == Status.FAILED)
            .findFirst()
            .orElseThrow();
    assertTrue(
        failed.reason().contains("1 queries, 21 keys, d 1, d_v 1")
            || failed.reason().contains("21 queries, 21 keys, d 1, d_v 1"),
        failed.reason());
  }

  @Test
  void a_try_can_be_repeated_by_its_number() {
    RunVerdict all = random(new WrongBeyond20Keys(), 0, 12);
    CaseVerdict failed =
        all.subjects().getFirst().cases().stream()
            .filter(one -> one.status() == Status.FAILED)
            .findFirst()
            .orElseThrow();
    int number = Integer.parseInt(failed.golden().name().substring("random/try-".length()));
    CaseVerdict again =
        random(new WrongBeyond20Keys(), number, 1).subjects().getFirst().cases().getFirst();
    assertEquals(failed.reason(), again.reason());
    assertTrue(failed.replay().endsWith("--seed " + SEED + " --try " + number), failed.replay());
  }

  @Test
  void the_same_seed_draws_the_same_problem_and_another_seed_another() {
    assertEquals(RandomProblem.of(SEED, 3), RandomProblem.of(SEED, 3));
    assertFalse(
        RandomProblem.of(SEED, 3).describe().equals(RandomProblem.of(SEED + 1, 3).describe()));
  }

  @Test
  void tries_cover_every_mechanism_and_option() {
    List<RandomProblem> tries =
        IntStream.range(0, 60).mapToObj(n -> RandomProblem.of(SEED, n)).toList();
    assertEquals(
        Set.of(RandomProblem.Kind.values()),
        Set.copyOf(tries.stream().map(RandomProblem::kind).toList()));
    for (String option : List.of("causal", "softcap", "bias", "lengths", "mask", "logits")) {
      assertTrue(tries.stream().anyMatch(one -> one.describe().contains(option)), option);
    }
  }
}
