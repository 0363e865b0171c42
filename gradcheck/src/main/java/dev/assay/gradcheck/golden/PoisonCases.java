package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Configured.chunks;
import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.headGate;
import static dev.assay.gradcheck.golden.Configured.window;
import static dev.assay.gradcheck.golden.Literals.list;
import static dev.assay.gradcheck.golden.Literals.mask;
import static dev.assay.gradcheck.golden.Literals.table;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Places that nobody may read hold NaN in one case and a huge number in its twin; all else is the
 * same, so that results must have the same bits.
 */
final class PoisonCases {
  private static final double HUGE = 1e30;

  /** A problem, and the places of its tensors, by coordinates, that nobody may read. */
  private record Poison(
      CaseBuilder problem, Map<String, Predicate<int[]>> places, String comment) {}

  private PoisonCases() {}

  static List<Draft> drafts() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(pair(16001, "masked-keys", DType.F32, PoisonCases::maskedKeys, "Mask"));
    drafts.addAll(pair(16003, "masked-keys-bf16", DType.BF16, PoisonCases::maskedKeys, "Mask"));
    drafts.addAll(pair(16005, "masked-keys-f16", DType.F16, PoisonCases::maskedKeys, "Mask"));
    drafts.addAll(pair(16007, "key-lengths", DType.F32, PoisonCases::keyLengths, "Lengths"));
    drafts.addAll(pair(16009, "query-lengths", DType.F32, PoisonCases::queryLengths, "Lengths"));
    drafts.addAll(pair(16011, "future-keys", DType.F32, PoisonCases::futureKeys, "CausalOffset"));
    drafts.addAll(pair(16013, "keys-left-behind", DType.F32, PoisonCases::keysBehind, "Window"));
    drafts.addAll(pair(16015, "unlisted-block", DType.F32, PoisonCases::unlisted, "EmptyBlock"));
    drafts.addAll(pair(16017, "dropped-tail", DType.F32, PoisonCases::droppedTail, "Chunked"));
    drafts.addAll(pair(16019, "empty-rows", DType.F32, PoisonCases::emptyRows, "EmptyRow"));
    drafts.addAll(pair(16021, "masked-bias", DType.F32, PoisonCases::maskedBias, "MaskedNaN"));
    drafts.addAll(pair(16023, "dropped-values", DType.F32, PoisonCases::dropped, "DropoutMask"));
    drafts.addAll(pair(16025, "inactive-heads", DType.F32, PoisonCases::inactive, "HeadGate"));
    drafts.addAll(pair(16027, "gates-of-empty-rows", DType.F32, PoisonCases::gates, "EmptyRow"));
    return drafts;
  }

  /** Makes a problem with a number, a name and a type. */
  private interface Maker {
    Poison make(int id, String name, DType dtype);
  }

  private static List<Draft> pair(int id, String name, DType dtype, Maker maker, String flag) {
    Poison poison = maker.make(id, name + "-nan", dtype);
    Case plain = poison.problem().build();
    double huge = dtype == DType.F16 ? 65504 : dtype.round(HUGE);
    CaseBuilder twin = Case.of(id + 1, name + "-huge", plain.mechanism()).dtype(dtype);
    plain.tensors().forEach(twin::give);
    poison
        .places()
        .forEach(
            (tensor, places) -> {
              twin.give(tensor, planted(plain, tensor, places, huge));
              poison.problem().give(tensor, planted(plain, tensor, places, Double.NaN));
            });
    return List.of(
        Draft.of(poison.problem(), poison.comment() + " They hold NaN.", "PoisonNaN", flag)
            .twinOf("special/" + name + "-huge")
            .guards("Dao-AILab/flash-attention#2374"),
        Draft.of(twin, poison.comment() + " They hold a huge number.", "PoisonHuge", flag)
            .twinOf("special/" + name + "-nan"));
  }

  private static Tensor planted(Case problem, String name, Predicate<int[]> places, double value) {
    Tensor drawn = Objects.requireNonNull(problem.tensors().get(name), name);
    Shape shape = drawn.shape();
    return Tensor.generate(shape, p -> places.test(shape.index(p)) ? value : drawn.get(p));
  }

  private static CaseBuilder problem(int id, String name, DType dtype, Mechanism mechanism) {
    return Case.of(id, name, mechanism).dtype(dtype).qkv(1, 2, 2, 9, 12, 4, 4);
  }

  /** Tokens lie on axis 2 of every tensor. */
  private static Map<String, Predicate<int[]>> rows(IntPredicate tokens, String... tensors) {
    Map<String, Predicate<int[]>> places = new LinkedHashMap<>();
    for (String tensor : tensors) {
      places.put(tensor, x -> tokens.test(x[2]));
    }
    return places;
  }

  private static Poison maskedKeys(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense())
            .give("mask", mask(9, 12, (i, j) -> j != 3 && j != 7 && (i + j) % 5 != 0)),
        rows(j -> j == 3 || j == 7, "k", "v"),
        "Keys that the mask hides from every query.");
  }

  private static Poison keyLengths(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense("causal=true")).give("k_lens", list(8)),
        rows(j -> j >= 8, "k", "v"),
        "Keys behind their valid length.");
  }

  private static Poison queryLengths(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense("causal=true")).give("q_lens", list(6)),
        rows(i -> i >= 6, "q", "d_out", "d_lse"),
        "Queries and cotangents behind their valid length.");
  }

  private static Poison futureKeys(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense("causal=true")).give("offset", list(-3)),
        rows(j -> j >= 6, "k", "v"),
        "Keys beyond the last query's frontier.");
  }

  private static Poison keysBehind(int id, String name, DType dtype) {
    return new Poison(
        Case.of(id, name, window(4)).dtype(dtype).qkv(1, 2, 2, 3, 12, 4, 4),
        rows(j -> j < 6, "k", "v"),
        "Keys that the window has left behind.");
  }

  private static Poison unlisted(int id, String name, DType dtype) {
    return new Poison(
        Case.of(id, name, blocks(16))
            .dtype(dtype)
            .qkv(1, 2, 2, 40, 40, 4, 4)
            .give("block_mask", table("x.x", "x..", "..x")),
        rows(j -> j >= 16 && j < 32, "k", "v"),
        "A block of keys that is listed nowhere.");
  }

  private static Poison droppedTail(int id, String name, DType dtype) {
    return new Poison(
        Case.of(id, name, chunks("sizeRule=FIXED", "size=5", "tail=DROP"))
            .dtype(dtype)
            .qkv(1, 2, 2, 22, 22, 4, 4),
        rows(i -> i >= 20, "q", "k", "v", "d_out", "d_lse"),
        "Tokens of a tail that is dropped.");
  }

  private static Poison emptyRows(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense()).give("mask", mask(9, 12, (i, j) -> i % 4 != 1)),
        rows(i -> i % 4 == 1, "q", "d_out", "d_lse"),
        "Queries and cotangents of rows that see nothing.");
  }

  private static Poison maskedBias(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense())
            .draw("bias", Shape.of(1, 1, 9, 12))
            .give("mask", mask(9, 12, (i, j) -> i != 2 && i != 5)),
        rows(i -> i == 2 || i == 5, "bias"),
        "The bias of rows that the mask hides.");
  }

  private static Poison dropped(int id, String name, DType dtype) {
    return new Poison(
        problem(id, name, dtype, dense("dropoutRate=0.5"))
            .give("dropout_keep", mask(9, 12, (i, j) -> j % 4 != 2 && (i + j) % 3 != 0)),
        rows(j -> j % 4 == 2, "v"),
        "Values that dropout drops for every query.");
  }

  private static Poison inactive(int id, String name, DType dtype) {
    return new Poison(
        Case.of(id, name, headGate())
            .dtype(dtype)
            .qkv(1, 2, 2, 9, 12, 4, 4)
            .without("d_lse")
            .draw("w_gate", Shape.of(2, 8))
            .give("active", Tensor.of(Shape.of(1, 2, 1), 1, 0)),
        Map.of("v", x -> x[1] == 1, "d_out", x -> x[1] == 1),
        "Values and cotangents of a head that is switched off.");
  }

  private static Poison gates(int id, String name, DType dtype) {
    return new Poison(
        Case.of(id, name, chunks("sizeRule=FIXED", "size=3", "combination=GATED"))
            .dtype(dtype)
            .qkv(1, 1, 1, 8, 8, 2, 2)
            .without("d_lse")
            .draw("gate_logit", Shape.of(1, 1, 8))
            .give("mask", mask(8, 8, (i, j) -> i % 3 != 1)),
        rows(i -> i % 3 == 1, "q", "gate_logit", "d_out"),
        "Queries, gates and cotangents of rows that see nothing.");
  }
}
