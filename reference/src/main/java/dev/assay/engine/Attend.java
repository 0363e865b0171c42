package dev.assay.engine;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recorded run of a plan on an engine. Its inputs are the tensors of {@link Slots}, in that
 * order; its outputs are out and, if the plan has one, lse. The tape is F64: inputs are rounded to
 * the engine's storage and results widened, here and nowhere else.
 *
 * @param engine who runs it
 * @param problem predicates and numbers; its tensors are replaced by the inputs
 * @param plan which pairs
 */
public record Attend(Engine engine, AttentionProblem problem, Plan plan) implements Op {

  /**
   * Records the run.
   *
   * @param inputs the tensors of {@link Slots} as values on the tape
   * @return out, and lse if the plan has one
   */
  public static List<Var> record(
      Tape tape, Engine engine, AttentionProblem problem, Plan plan, List<Var> inputs) {
    return tape.record(new Attend(engine, problem, plan), inputs);
  }

  @Override
  public String name() {
    return "Attend:" + plan.kind();
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    Branch bound = bind(inputs);
    require(bound, EnumSet.of(Demand.FORWARD));
    Forward forward = engine.forward(bound.problem(), bound.plan());
    Tensor lse = forward.lse();
    Tensor out = forward.out().to(Storage.F64);
    return lse == null ? List.of(out) : List.of(out, lse.to(Storage.F64));
  }

  @Override
  public List<@Nullable Var> pullback(Node node, List<@Nullable Var> cotangents) {
    Tape tape = node.outputs().getFirst().tape();
    List<Var> inputs = new ArrayList<>(node.inputs());
    inputs.addAll(node.outputs());
    Var out = node.outputs().getFirst();
    Var dOut = cotangents.getFirst();
    inputs.add(dOut != null ? dOut : tape.leaf("zeros", Tensor.zeros(out.shape())));
    boolean lseUsed = cotangents.size() > 1 && cotangents.get(1) != null;
    if (lseUsed) {
      inputs.add(Objects.requireNonNull(cotangents.get(1)));
    }
    return new ArrayList<>(
        tape.record(new AttendVjp(this, node.outputs().size(), lseUsed), inputs));
  }

  /** The problem and plan over these tensors, in the engine's storage. */
  Branch bind(List<Tensor> inputs) {
    List<Tensor> held = new ArrayList<>();
    for (Tensor input : inputs) {
      held.add(input.to(engine.storage()));
    }
    return Slots.rebind(problem, plan, held);
  }

  void require(Branch bound, Set<Demand> demands) {
    Support support = engine.supports(bound.problem(), bound.plan(), demands);
    if (!support.yes()) {
      throw new UnsupportedPlanException(engine.id(), support.reason());
    }
  }
}
