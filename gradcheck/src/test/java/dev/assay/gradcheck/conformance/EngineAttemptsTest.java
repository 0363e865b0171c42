package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.engine.Support;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineAttemptsTest {
  private static final ScalarEngine SCALAR = new ScalarEngine();

  /** The scalar engine, but without log-sum-exps, as most third-party kernels are. */
  private record WithoutLse() implements Engine {
    @Override
    public String id() {
      return "without-lse";
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
      return demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE)
          ? Support.no("it gives no LSE")
          : SCALAR.supports(problem, plan, demands);
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      return new Forward(SCALAR.forward(problem, plan).out(), null);
    }

    @Override
    public Gradients backward(
        AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
      return SCALAR.backward(problem, plan, SCALAR.forward(problem, plan), dOut, dLse);
    }
  }

  private static Results attempt(String name) {
    EngineAttempts attempts =
        new EngineAttempts(new WithoutLse(), PrecisionClass.find(SCALAR.precisionClass()));
    return assertInstanceOf(Results.class, attempts.at(HandedIn.SUITE.find(name)));
  }

  @Test
  void gradients_of_a_loss_that_has_the_lse_in_it_are_not_supported_without_lse() {
    Results results = attempt("grad/grouped-heads");
    assertEquals(Set.of("out"), results.tensors().keySet());
    assertEquals(Set.of("lse", "dq", "dk", "dv"), results.unsupported().keySet());
  }

  @Test
  void gradients_of_the_output_alone_are_given() {
    Results results = attempt("grad/out-only");
    assertTrue(results.tensors().keySet().containsAll(Set.of("out", "dq", "dk", "dv")));
    assertEquals(Set.of("lse"), results.unsupported().keySet());
  }
}
