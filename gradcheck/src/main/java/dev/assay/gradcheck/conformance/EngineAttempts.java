package dev.assay.gradcheck.conformance;

import dev.assay.autograd.Node;
import dev.assay.engine.Attend;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Refusal;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an engine answers to the cases of a suite. */
final class EngineAttempts {
  private final Engine engine;
  private final PrecisionClass precision;

  EngineAttempts(Engine engine, PrecisionClass precision) {
    this.engine = engine;
    this.precision = precision;
  }

  /** Runs a case: forward, and backward as far as the engine goes. */
  Attempt at(GoldenCase golden) {
    if (!precision.holds(golden.dtype()) || !golden.classes().contains(precision.id())) {
      return new Nothing(
          Status.NOT_SUPPORTED,
          "storage: %s does not hold inputs of %s".formatted(precision.id(), golden.dtype()));
    }
    try {
      return results(golden, run(golden, golden.inputs()), "");
    } catch (UnsupportedPlanException unsupported) {
      return golden.backward() ? forwardOnly(golden, unsupported) : no(unsupported);
    } catch (IllegalArgumentException refusal) {
      return new Refusal(String.valueOf(refusal.getMessage()));
    } catch (RuntimeException broken) {
      return new Nothing(Status.FAILED, "the engine broke down: " + broken);
    }
  }

  private Attempt forwardOnly(GoldenCase golden, UnsupportedPlanException why) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.remove("d_out");
    inputs.remove("d_lse");
    try {
      return results(golden, run(golden, inputs), String.valueOf(why.getMessage()));
    } catch (UnsupportedPlanException unsupported) {
      return no(unsupported);
    }
  }

  private static Attempt no(UnsupportedPlanException why) {
    return new Nothing(Status.NOT_SUPPORTED, String.valueOf(why.getMessage()));
  }

  private Evaluation run(GoldenCase golden, Map<String, Tensor> inputs) {
    // One case at a time: engines use all processors themselves.
    synchronized (engine) {
      return Evaluation.lower(golden.mechanism(), inputs, engine);
    }
  }

  private Results results(GoldenCase golden, Evaluation evaluation, String withoutGradients) {
    Map<String, Given> given = new LinkedHashMap<>();
    evaluation
        .results()
        .forEach((name, tensor) -> given.put(name, new Given(tensor, precision.resultType(name))));
    String withoutLse = withoutLse(evaluation);
    if (!withoutLse.isEmpty() && golden.inputs().containsKey("d_lse")) {
      // Those that the engine gave are the gradients of another loss: of the output alone.
      evaluation.gradients().sequencedKeySet().forEach(given::remove);
    }
    Map<String, String> unsupported = new LinkedHashMap<>();
    for (String name : golden.expect().keySet()) {
      if (!given.containsKey(name)) {
        // Where the LSE has a cotangent, an engine without LSE has no gradients to give.
        boolean forLse = name.equals("lse") || withoutGradients.isEmpty();
        String why = forLse ? withoutLse : withoutGradients;
        if (!why.isEmpty()) {
          unsupported.put(name, why);
        }
      }
    }
    return new Results(given, unsupported);
  }

  /** Why there is no LSE; empty if the engine claims that it gives one. */
  private String withoutLse(Evaluation evaluation) {
    for (Node node : evaluation.tape().nodes()) {
      if (node.op() instanceof Attend run) {
        Support support = engine.supports(run.problem(), run.plan(), EnumSet.of(Demand.LSE));
        if (!support.yes()) {
          return engine.id() + " does not support this: " + support.reason();
        }
      }
    }
    return "";
  }
}
