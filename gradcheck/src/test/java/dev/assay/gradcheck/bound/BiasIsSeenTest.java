package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.gradcheck.bound.FlashKernel.Order;
import dev.assay.gradcheck.conformance.CaseFilter;
import dev.assay.gradcheck.conformance.Check;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What no single element shows: a scale that is off by 0.1 % in bfloat16. */
class BiasIsSeenTest {
  private static final FlashKernel RIGHT =
      new FlashKernel(PrecisionClass.BF16_FLASH, 64, Order.ASCENDING, false);

  /** The right kernel with its scale multiplied by a factor. */
  private record OffScale(double factor) implements Engine {
    @Override
    public String id() {
      return "off-scale-" + factor;
    }

    @Override
    public Availability availability() {
      return RIGHT.availability();
    }

    @Override
    public Storage storage() {
      return RIGHT.storage();
    }

    @Override
    public String precisionClass() {
      return RIGHT.precisionClass();
    }

    @Override
    public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
      return Support.YES;
    }

    private AttentionProblem off(AttentionProblem p) {
      return p.with(p.q(), p.k(), p.v(), p.bias()).scale(factor * p.scale()).build();
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      return RIGHT.forward(off(problem), plan);
    }

    @Override
    public Gradients backward(
        AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
      return RIGHT.backward(off(problem), plan, forward, dOut, dLse);
    }
  }

  private static SubjectVerdict judged(double factor) throws IOException {
    Suite suite = Suite.load();
    return new Check(
            suite,
            new CaseFilter("long/*-bf16").of(suite),
            List.of(new OffScale(factor)),
            List.of(),
            null,
            new Replay("./assay", List.of("check")))
        .run(Progress.NONE)
        .subjects()
        .getFirst();
  }

  private static List<String> leaning(SubjectVerdict verdict) {
    return verdict.gates().stream()
        .filter(line -> line.gate().equals("G2") && line.outcome() == Outcome.FAIL)
        .map(GateLine::tensor)
        .toList();
  }

  @Test
  void the_right_scale_does_not_lean() throws IOException {
    SubjectVerdict verdict = judged(1);
    assertEquals(List.of(), leaning(verdict));
    assertEquals(0, verdict.count(Status.FAILED));
  }

  @Test
  void a_scale_off_by_a_thousandth_leans() throws IOException {
    SubjectVerdict verdict = judged(1.001);
    System.out.println("G2 at a scale off by 0.1 %: " + verdict.gates());
    assertTrue(leaning(verdict).contains("out"), () -> verdict.gates().toString());
    assertTrue(verdict.failed());
  }
}
