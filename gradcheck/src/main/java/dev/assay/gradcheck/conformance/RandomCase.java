package dev.assay.gradcheck.conformance;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.gradcheck.conformance.RandomProblem.Kind;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A random problem with its tensors, in the form of a case of a suite.
 *
 * @param x extents and options
 */
record RandomCase(RandomProblem x) {
  private static final int STREAM = 0x725A;
  private static final int BLOCKS_FROM = 1 << 20;

  /** The case, with its tensors rounded to a type. */
  Case problem(DType type) {
    Philox coins = new Philox(x.seed(), STREAM, x.number());
    // The suite's numbers end at six digits, so these never share its random numbers.
    int id = 1_000_000 + Math.floorMod(1_000_003 * x.seed() + x.number(), 1_000_000_000);
    int heads = x.kvHeads() * x.group();
    CaseBuilder builder = Case.of(id, "try-" + x.number(), mechanism()).dtype(type);
    builder.qkv(x.b(), heads, x.kvHeads(), x.nq(), x.nk(), x.d(), x.dv());
    builder.draw(
        "q", Shape.of(x.b(), heads, x.nq(), x.d()), Distribution.BELL, CaseBuilder.UNIT + x.loud());
    if (x.bias()) {
      builder.draw("bias", Shape.of(1, heads, x.nq(), x.nk()));
    }
    if (x.lengths()) {
      builder.give("k_lens", Tensor.generate(Shape.of(x.b()), s -> x.nk() - (s + 1) * x.nk() / 4));
    }
    if (x.mask()) {
      builder.give("mask", table(Shape.of(x.b(), 1, x.nq(), x.nk()), coins, 0));
    }
    if (x.kind() == Kind.BLOCKS) {
      Shape blocks =
          Shape.of((x.nq() + x.size() - 1) / x.size(), (x.nk() + x.size() - 1) / x.size());
      builder.give("block_mask", table(blocks, coins, BLOCKS_FROM));
    }
    return builder.build();
  }

  /** The same as a case of a suite, whose right results are not known yet. */
  GoldenCase golden(PrecisionClass precision) {
    boolean half = precision.storage().bytes() < DType.F32.bytes();
    Case drawn = problem(half ? precision.storage() : DType.F32);
    SequencedMap<String, Tensor> unknown = new LinkedHashMap<>();
    unknown.put("out", Tensor.zeros(Shape.of()));
    List<String> classes =
        Arrays.stream(PrecisionClass.values())
            .filter(one -> one.holds(drawn.dtype()))
            .map(PrecisionClass::id)
            .toList();
    return new GoldenCase(
        drawn.id(),
        "random",
        "random/" + drawn.name(),
        List.of("Random"),
        "FUNCTIONALITY",
        x.describe(),
        List.of(),
        drawn.mechanism(),
        drawn.dtype(),
        drawn.tensors(),
        unknown,
        List.of(),
        null,
        classes,
        Expectation.VALID,
        null,
        null);
  }

  /** Ones, and a zero for every fourth element or so. */
  private static Tensor table(Shape shape, Philox coins, int from) {
    return Tensor.generate(shape, p -> coins.uniform16(from + p) < 0x4000 ? 0 : 1);
  }

  private Mechanism mechanism() {
    Map<String, String> settings = new HashMap<>();
    settings.put("causal", Boolean.toString(x.causal()));
    if (x.softcap()) {
      settings.put("softcap", "2.5");
    }
    switch (x.kind()) {
      case DENSE -> {}
      case WINDOW -> settings.put("window", Integer.toString(x.size()));
      case BLOCKS -> {
        settings.put("blockQ", Integer.toString(x.size()));
        settings.put("blockK", Integer.toString(x.size()));
      }
      case CHUNKS -> {
        settings.put("sizeRule", "FIXED");
        settings.put("size", Integer.toString(x.size()));
      }
    }
    return Settings.make(MechanismCatalog.find(x.kind().id()).getClass(), settings);
  }
}
