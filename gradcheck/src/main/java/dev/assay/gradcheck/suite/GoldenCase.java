package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A case of the golden suite: a problem and its right answer.
 *
 * @param tcId frozen number; it keys the random numbers
 * @param family for instance {@code basic}
 * @param name family and case, for instance {@code basic/causal-f32}: also the file's name
 * @param flags why it exists; at least one, each defined in {@link Suite#flags}
 * @param bugClass the kind of fault that it looks for
 * @param comment what it is for, in a sentence
 * @param guards reports of real faults that it would have found
 * @param mechanism what is computed
 * @param dtype type that the values of q, k, v, d_out and the like are rounded to
 * @param inputs all tensors that are given, choices and cotangents included, in F64 storage
 * @param expect the results: out, lse, gradients, choices made, in F64 storage; empty if refused
 * @param exact results that must be equal to the last bit in every class, because every order of
 *     evaluation gives them without rounding
 * @param twin name of the case that differs only in values nobody may read: an implementation's
 *     results for the two must have the same bits; or null
 * @param classes ids of the {@link PrecisionClass}es that can run it
 * @param result what is expected
 * @param refuseCode why it must be refused, or null
 * @param samples which rows of the results are expected, or null for all; with samples the inputs
 *     are those of a {@link RecipeCase} that are not drawn
 */
public record GoldenCase(
    int tcId,
    String family,
    String name,
    List<String> flags,
    String bugClass,
    String comment,
    List<String> guards,
    Mechanism mechanism,
    DType dtype,
    SequencedMap<String, Tensor> inputs,
    SequencedMap<String, Tensor> expect,
    List<String> exact,
    @Nullable String twin,
    List<String> classes,
    Expectation result,
    @Nullable String refuseCode,
    @Nullable Samples samples) {
  /** Checks what holds for every case. */
  public GoldenCase {
    Require.positive(tcId, "tcId");
    Require.argument(name.startsWith(family + "/"), "case %s is not of family %s", name, family);
    Require.argument(!flags.isEmpty(), "case %s has no flag: say why it exists", name);
    Require.argument(!comment.isBlank(), "case %s has no comment: say what it is for", name);
    Require.argument(
        (result == Expectation.REFUSE) == (refuseCode != null),
        "case %s: a reason code belongs to a refusal and only to it",
        name);
    Require.argument(
        (result == Expectation.REFUSE) == expect.isEmpty(),
        "case %s: a refusal expects no tensors, every other case does",
        name);
  }

  /** Whether gradients are asked for. */
  public boolean backward() {
    return inputs.containsKey("d_out") || inputs.containsKey("d_lse");
  }
}
