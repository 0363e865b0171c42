package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One small problem and what becomes of it when its inputs are turned in a way whose effect on the
 * results is known: {@code relations.json} says which results of two cases belong together.
 */
final class RelationCases {
  private static final int BATCHES = 2;
  private static final int HEADS = 2;
  private static final int QUERIES = 4;
  private static final int KEYS = 5;
  private static final int DEPTH = 2;

  /** What the others are made from. */
  private static final Map<String, Tensor> BASE = base().build().tensors();

  private RelationCases() {}

  static Family family() {
    return new Family(
        "relation",
        List.of(
            draft(base(), "What the other cases of the family are held against."),
            draft(
                turned(23002, "keys-permuted")
                    .give("k", taken("k", 2, 2, 0, 4, 1, 3))
                    .give("v", taken("v", 2, 2, 0, 4, 1, 3)),
                "Keys with their values in another order: nothing changes but the order of dk, dv."),
            draft(
                turned(23003, "heads-swapped")
                    .give("q", taken("q", 1, 1, 0))
                    .give("k", taken("k", 1, 1, 0))
                    .give("v", taken("v", 1, 1, 0))
                    .give("d_out", taken("d_out", 1, 1, 0))
                    .give("d_lse", taken("d_lse", 1, 1, 0)),
                "The heads change places, and so do the results, bit for bit."),
            draft(
                Case.of(23004, "queries-doubled", dense("scale=0.25"))
                    .qkv(BATCHES, HEADS, HEADS, QUERIES, KEYS, DEPTH, DEPTH)
                    .give(BASE)
                    .give("q", scaled("q", 2)),
                "Queries twice as large at half the scale: no bit changes, and dq is halved."),
            draft(
                turned(23005, "keys-appended")
                    .give("k", taken("k", 2, 0, 1, 2, 3, 4, 0, 3))
                    .give("v", taken("v", 2, 0, 1, 2, 3, 4, 1, 2))
                    .give("k_lens", KEYS, KEYS),
                "Keys behind the end are appended: nothing changes, and their gradients are 0."),
            draft(
                Case.of(23006, "first-entry", dense("scale=0.5"))
                    .qkv(1, HEADS, HEADS, QUERIES, KEYS, DEPTH, DEPTH)
                    .give("q", taken("q", 0, 0))
                    .give("k", taken("k", 0, 0))
                    .give("v", taken("v", 0, 0))
                    .give("d_out", taken("d_out", 0, 0))
                    .give("d_lse", taken("d_lse", 0, 0)),
                "The first batch entry alone gives what it gives beside another."),
            draft(
                Case.of(23007, "entries-repeated", dense("scale=0.5"))
                    .qkv(3, HEADS, HEADS, QUERIES, KEYS, DEPTH, DEPTH)
                    .give("q", taken("q", 0, 0, 1, 0))
                    .give("k", taken("k", 0, 0, 1, 0))
                    .give("v", taken("v", 0, 0, 1, 0))
                    .give("d_out", taken("d_out", 0, 0, 1, 0))
                    .give("d_lse", taken("d_lse", 0, 0, 1, 0)),
                "The same batch entry twice in one call: the results are the same, bit for bit."),
            draft(
                turned(23008, "bias-of-three").give("bias", Literals.all(3, 1, 1, 1, 1)),
                "3 is added to every logit: the LSE is 3 larger, and nothing else changes."),
            draft(
                Case.of(23009, "channels-appended", dense("scale=0.5"))
                    .qkv(BATCHES, HEADS, HEADS, QUERIES, KEYS, DEPTH, 2 * DEPTH)
                    .without("d_out")
                    .without("d_lse")
                    .give("q", tensor("q"))
                    .give("k", tensor("k"))
                    .give("v", taken("v", 3, 0, 1, 1, 0)),
                "Values have their channels twice, the second time swapped, and so has the output.")));
  }

  private static CaseBuilder base() {
    return Case.of(23001, "base", dense("scale=0.5"))
        .qkv(BATCHES, HEADS, HEADS, QUERIES, KEYS, DEPTH, DEPTH);
  }

  private static CaseBuilder turned(int id, String name) {
    return Case.of(id, name, dense("scale=0.5"))
        .qkv(BATCHES, HEADS, HEADS, QUERIES, KEYS, DEPTH, DEPTH)
        .give(BASE);
  }

  private static Draft draft(CaseBuilder problem, String comment) {
    return Draft.of(problem, comment, "Metamorphic", "LseGrad");
  }

  private static Tensor tensor(String name) {
    return Objects.requireNonNull(BASE.get(name), name);
  }

  private static Tensor scaled(String name, double factor) {
    Tensor base = tensor(name);
    return Tensor.generate(base.shape(), p -> factor * base.get(p));
  }

  /** Places of an axis of a tensor of the base, in another order, left out or repeated. */
  private static Tensor taken(String name, int axis, int... places) {
    Tensor base = tensor(name);
    Shape shape = base.shape().with(axis, places.length);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[axis] = places[at[axis]];
          return base.at(at);
        });
  }
}
