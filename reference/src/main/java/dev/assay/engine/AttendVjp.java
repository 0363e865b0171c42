package dev.assay.engine;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Var;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recorded backward run of an {@link Attend}. Inputs: the slots, the outputs (out, and lse if
 * there is one), the cotangent of out, and that of lse if it is used. Outputs: one gradient for
 * each slot.
 *
 * @param attend the forward run
 * @param outputs how many outputs it has
 * @param lseUsed whether the LSE has a cotangent
 */
public record AttendVjp(Attend attend, int outputs, boolean lseUsed) implements Op {
  @Override
  public String name() {
    return attend.name() + ":vjp";
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    int slots = inputs.size() - outputs - 1 - (lseUsed ? 1 : 0);
    Storage storage = attend.engine().storage();
    Branch bound = attend.bind(inputs.subList(0, slots));
    Set<Demand> demands = EnumSet.of(Demand.FORWARD, Demand.BACKWARD);
    if (lseUsed) {
      demands.add(Demand.D_LSE);
    }
    attend.require(bound, demands);
    Tensor lse = outputs > 1 ? inputs.get(slots + 1).to(storage) : null;
    Forward forward = new Forward(inputs.get(slots).to(storage), lse);
    Tensor dOut = inputs.get(slots + outputs).to(storage);
    Tensor dLse = lseUsed ? inputs.getLast().to(storage) : null;
    Gradients gradients =
        attend.engine().backward(bound.problem(), bound.plan(), forward, dOut, dLse);
    List<Tensor> widened = new ArrayList<>();
    for (Tensor gradient : gradients.byName().values()) {
      widened.add(gradient.to(Storage.F64));
    }
    return widened;
  }

  @Override
  public List<@Nullable Var> pullback(Node node, List<@Nullable Var> cotangents) {
    throw new IllegalStateException(
        "the backward run of an engine has no derivative of its own: take second derivatives of a mechanism's define");
  }
}
