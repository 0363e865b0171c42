package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The differentiable tensors of a (problem, plan), by name and in a fixed order: q, k, v, bias if
 * there is one, what the plan adds (decay, beta); for a merge those of every branch with the suffix
 * {@code @s}, then gates.
 */
public final class Slots {
  private Slots() {}

  /** The tensors by slot name. */
  public static SequencedMap<String, Tensor> of(AttentionProblem problem, Plan plan) {
    SequencedMap<String, Tensor> slots = new LinkedHashMap<>();
    if (plan instanceof MergePlan merge) {
      for (int s = 0; s < merge.branches().size(); s++) {
        Branch branch = merge.branches().get(s);
        String suffix = "@" + s;
        of(branch.problem(), branch.plan())
            .forEach((name, tensor) -> slots.put(name + suffix, tensor));
      }
      if (merge.gates() != null) {
        slots.put("gates", merge.gates());
      }
      return slots;
    }
    slots.put("q", problem.q());
    slots.put("k", problem.k());
    slots.put("v", problem.v());
    Tensor bias = problem.bias();
    if (bias != null) {
      slots.put("bias", bias);
    }
    if (plan instanceof RecurrentPlan recurrent) {
      if (recurrent.decay() != null) {
        slots.put("decay", recurrent.decay());
      }
      if (recurrent.beta() != null) {
        slots.put("beta", recurrent.beta());
      }
    }
    return slots;
  }

  /** The name of the gradient of a slot: dq, dk@1, dbias, d_gates, d_decay, d_beta. */
  public static String gradient(String slot) {
    return slot.startsWith("gates") || slot.startsWith("decay") || slot.startsWith("beta")
        ? "d_" + slot
        : "d" + slot;
  }

  /** The same (problem, plan) over other tensors, given in the order of {@link #of}. */
  public static Branch rebind(AttentionProblem problem, Plan plan, List<Tensor> tensors) {
    int wanted = of(problem, plan).size();
    Require.argument(
        tensors.size() == wanted, "%d tensors were given for %d slots", tensors.size(), wanted);
    if (plan instanceof MergePlan merge) {
      return rebindMerge(merge, tensors);
    }
    Tensor bias = problem.bias() == null ? null : tensors.get(3);
    AttentionProblem bound =
        problem.with(tensors.get(0), tensors.get(1), tensors.get(2), bias).build();
    if (plan instanceof RecurrentPlan recurrent) {
      int next = bias == null ? 3 : 4;
      Tensor decay = recurrent.decay() == null ? null : tensors.get(next);
      Tensor beta = recurrent.beta() == null ? null : tensors.getLast();
      return new Branch(bound, new RecurrentPlan(recurrent.rule(), decay, beta));
    }
    return new Branch(bound, plan);
  }

  private static Branch rebindMerge(MergePlan merge, List<Tensor> tensors) {
    List<Branch> branches = new ArrayList<>();
    int next = 0;
    for (Branch branch : merge.branches()) {
      int count = of(branch.problem(), branch.plan()).size();
      branches.add(rebind(branch.problem(), branch.plan(), tensors.subList(next, next + count)));
      next += count;
    }
    MergePlan bound = new MergePlan(branches, merge.gates() == null ? null : tensors.getLast());
    return new Branch(branches.getFirst().problem(), bound);
  }
}
