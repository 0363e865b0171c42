package dev.assay.gradcheck.golden;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The golden cases that mechanisms bring along: a family for each, made from the catalogue, with
 * flags that follow from the tensors.
 */
final class MechanismFamilies {
  private MechanismFamilies() {}

  /** Whether a family is made of the cases that a mechanism brings along. */
  static boolean isMechanism(String family) {
    return MechanismCatalog.ids().contains(family);
  }

  static List<Family> families() {
    List<Family> families = new ArrayList<>();
    for (Mechanism mechanism : MechanismCatalog.all()) {
      List<Draft> drafts = new ArrayList<>();
      for (Case problem : mechanism.cases()) {
        if (problem.roles().contains(Case.Role.GOLDEN)) {
          drafts.add(Draft.of(problem, comment(problem), flags(problem.tensors())));
        }
      }
      if (!drafts.isEmpty()) {
        families.add(new Family(mechanism.id(), drafts));
      }
    }
    return families;
  }

  private static String comment(Case problem) {
    return problem.remark().isBlank()
        ? "Brought along by " + problem.mechanism().id() + "."
        : problem.remark();
  }

  private static List<String> flags(Map<String, Tensor> tensors) {
    List<String> flags = new ArrayList<>(List.of("Basic"));
    add(flags, "Bias", tensors, "bias");
    add(flags, "Mask", tensors, "mask");
    add(flags, "Lengths", tensors, "k_lens");
    add(flags, "Packed", tensors, "cu_seqlens_q");
    add(flags, "Past", tensors, "past_k");
    add(flags, "CausalOffset", tensors, "offset");
    add(flags, "DropoutMask", tensors, "dropout_keep");
    add(flags, "LseGrad", tensors, "d_lse");
    Tensor q = tensors.get("q");
    Tensor k = tensors.get("k");
    boolean grouped =
        q != null
            && k != null
            && q.shape().rank() == 4
            && q.shape().extent(1) != k.shape().extent(1);
    if (grouped) {
      flags.add("GQA");
    }
    return flags;
  }

  private static void add(
      List<String> flags, String flag, Map<String, Tensor> tensors, String tensor) {
    if (tensors.containsKey(tensor)) {
      flags.add(flag);
    }
  }
}
