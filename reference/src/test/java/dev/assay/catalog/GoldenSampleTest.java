package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.chunked.SizeRule;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.linear.LinearTransformer;
import dev.assay.mechanism.lowrank.Linformer;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Numbers of a separate program (double precision; gradients by complex step, so independent of any
 * backward code) for n = 8, d = 4, one head: q_it = sin(1 + .7 i + 1.3 t), k_it = cos(.5 + .9 i +
 * .4 t + .1 i t), v_it = sin(.3 + 1.1 i - .6 t).
 */
class GoldenSampleTest {
  private static final int N = 8;
  private static final int D = 4;

  /** They were printed with ten decimals. */
  private static final double HALF_UNIT = 1e-9;

  /**
   * S1 = sum o, S2 = sum cos(i + 2t) o_it, o52 = o[5][2], and for x in q, k, v: Gx = sum cos(.3 i +
   * t) dS2/dx_it.
   */
  record Expected(double s1, double s2, double o52, double gq, double gk, double gv) {}

  private static double linformer(int p) {
    int row = p / N;
    return StrictMath.cos(.4 * row + .9 * (p % N)) / 2;
  }

  static List<Arguments> rows() {
    Mechanism dense = new Dense(false, 0, 0, Dense.Rope.NONE, 10000, 0, 0, Dense.Alibi.NONE);
    Mechanism rope = new Dense(true, 0, 0, Dense.Rope.HALF, 10000, 0, 0, Dense.Alibi.NONE);
    Mechanism window = new SlidingWindow(3, true, 0, 0);
    return List.of(
        arguments(
            "dense",
            dense,
            Map.of(),
            new Expected(
                1.0434565196,
                -1.0744821145,
                0.0213478541,
                -0.1978391249,
                0.1286100843,
                1.0509881320)),
        arguments(
            "linear elu+1 noncausal",
            new LinearTransformer(false, 1e-6),
            Map.of(),
            new Expected(
                -4.9700195469,
                -0.4305408371,
                -0.2490061031,
                -0.1903906124,
                -0.0416676325,
                0.8075440491)),
        arguments(
            "Linformer k=3 E=F",
            new Linformer(Linformer.Sharing.KEY_VALUE, 0),
            Map.of("e", Tensor.generate(Shape.of(3, N), GoldenSampleTest::linformer)),
            new Expected(
                -9.1437262986,
                -0.7537508256,
                -0.9963776757,
                0.0289165656,
                -0.0159035038,
                0.1473770112)),
        arguments(
            "causal RoPE half",
            rope,
            Map.of(),
            new Expected(
                -0.0218839670,
                -1.3728711996,
                -0.0060992058,
                0.0735391639,
                -0.0602912823,
                -0.4639961538)),
        arguments(
            "sliding a=2 causal",
            window,
            Map.of(),
            new Expected(
                -1.9649495699,
                -2.2645680000,
                -0.0590234357,
                -0.1630351366,
                0.1249351502,
                -0.2326930665)),
        arguments(
            "block-local w=3 before1 after1, by a table",
            new BlockSparse(3, 3, false, 0),
            Map.of("block_mask", Tensor.of(Shape.of(3, 3), 1, 1, 0, 1, 1, 1, 0, 1, 1)),
            BLOCK_LOCAL),
        arguments(
            "block-local w=3 before1 after1, by lists",
            new BlockSparse(3, 3, false, 0),
            Map.of(
                "row_ptr", Tensor.of(Shape.of(4), 0, 2, 5, 7),
                "col_idx", Tensor.of(Shape.of(7), 0, 1, 0, 1, 2, 1, 2)),
            BLOCK_LOCAL),
        arguments(
            "block-local w=3 before1 after1, as chunks",
            new HierarchicalChunking(
                SizeRule.FIXED,
                3,
                HierarchicalChunking.Combination.JOINT,
                HierarchicalChunking.Neighbours.WINDOW,
                2,
                HierarchicalChunking.Tail.RAGGED,
                false,
                0),
            Map.of(),
            BLOCK_LOCAL));
  }

  private static final Expected BLOCK_LOCAL =
      new Expected(
          -0.7041201139, -0.9207519805, 0.0213478541, -0.2626909090, 0.1914258852, 0.3718709866);

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void define_gives_the_numbers_of_the_separate_program(
      String name, Mechanism mechanism, Map<String, Tensor> choices, Expected expected) {
    assertAgrees(expected, Evaluation.define(mechanism, tensors(choices)).results());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void lower_gives_the_numbers_of_the_separate_program(
      String name, Mechanism mechanism, Map<String, Tensor> choices, Expected expected) {
    Map<String, Tensor> tensors = tensors(choices);
    assertAgrees(expected, Evaluation.lower(mechanism, tensors, new ScalarEngine()).results());
  }

  private static void assertAgrees(Expected expected, Map<String, Tensor> results) {
    Tensor out = result(results, "out");
    assertEquals(expected.s1(), weighted(out, 0, 0), HALF_UNIT, "S1");
    assertEquals(expected.s2(), weighted(out, 1, 2), HALF_UNIT, "S2");
    assertEquals(expected.o52(), out.at(0, 0, 5, 2), HALF_UNIT, "o52");
    assertEquals(expected.gq(), weighted(result(results, "dq"), .3, 1), HALF_UNIT, "Gq");
    assertEquals(expected.gk(), weighted(result(results, "dk"), .3, 1), HALF_UNIT, "Gk");
    assertEquals(expected.gv(), weighted(result(results, "dv"), .3, 1), HALF_UNIT, "Gv");
  }

  private static Tensor result(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name);
  }

  /** sum cos(a i + c t) x_it. */
  private static double weighted(Tensor x, double a, double c) {
    double sum = 0;
    for (int p = 0; p < x.size(); p++) {
      int i = p / D;
      int t = p % D;
      sum += StrictMath.cos(a * i + c * t) * x.get(p);
    }
    return sum;
  }

  private static Map<String, Tensor> tensors(Map<String, Tensor> choices) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(choices);
    tensors.put("q", grid((i, t) -> StrictMath.sin(1 + .7 * i + 1.3 * t)));
    tensors.put("k", grid((i, t) -> StrictMath.cos(.5 + .9 * i + .4 * t + .1 * i * t)));
    tensors.put("v", grid((i, t) -> StrictMath.sin(.3 + 1.1 * i - .6 * t)));
    tensors.put("d_out", grid((i, t) -> StrictMath.cos(i + 2 * t)));
    return tensors;
  }

  private interface Entry {
    double at(int i, int t);
  }

  private static Tensor grid(Entry entry) {
    return Tensor.generate(Shape.of(1, 1, N, D), p -> entry.at(p / D, p % D));
  }
}
