package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.FlashKernel.Order;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds of features and recurrences: every honest kernel is inside, a slip is outside. */
class LinearBoundsTest {
  private static final int SEED = 12;
  private static final int TOKENS = 90;

  private static Tensor draw(PrecisionClass precision, int stream, int shift, int... extents) {
    return Trial.draw(Shape.of(extents), SEED, stream, shift, precision);
  }

  private static Tensor positive(Tensor tensor) {
    return Tensor.generate(tensor.shape(), p -> Math.min(1, Math.abs(tensor.get(p))));
  }

  /** Decays between 1/16 and 1, mostly near 1. */
  private static Tensor decays(PrecisionClass precision, int... extents) {
    Tensor bell = draw(precision, 4, -19, extents);
    return Tensor.generate(
        bell.shape(), p -> precision.storage().round(Math.max(0x1p-4, 1 - Math.abs(bell.get(p)))));
  }

  private static SequencedMap<String, Trial> trials(PrecisionClass precision) {
    SequencedMap<String, Trial> trials = new LinkedHashMap<>();
    Tensor k = positive(draw(precision, 2, -16, 1, 2, TOKENS, 10));
    Tensor v = draw(precision, 3, -16, 1, 2, TOKENS, 6);
    Tensor q = positive(draw(precision, 1, -16, 1, 4, 40, 10));
    AttentionProblem features =
        AttentionProblem.of(q, k, v).causal(true).offset(20).keyLengths(80).build();
    trials.put("features", new Trial(features, new FeaturePlan(0.5), SEED, precision));
    Tensor signed = draw(precision, 1, -16, 1, 4, 40, 10);
    trials.put(
        "signed features",
        new Trial(
            AttentionProblem.of(signed, k, v).build(), new FeaturePlan(900), SEED, precision));
    AttentionProblem tokens =
        AttentionProblem.of(
                draw(precision, 1, -16, 1, 4, TOKENS, 10),
                draw(precision, 2, -18, 1, 2, TOKENS, 10),
                v)
            .build();
    for (Rule rule : Rule.values()) {
      Tensor decay = rule.decays() ? decays(precision, 1, 2, TOKENS, 10) : null;
      Tensor beta = rule.steps() ? positive(draw(precision, 5, -16, 1, 2, TOKENS)) : null;
      trials.put(
          rule.toString(),
          new Trial(tokens, new RecurrentPlan(rule, decay, beta), SEED, precision));
    }
    return trials;
  }

  @ParameterizedTest
  @EnumSource(PrecisionClass.class)
  void no_kernel_of_the_class_leaves_its_bounds(PrecisionClass precision) {
    TreeMap<String, Double> tightness = new TreeMap<>();
    trials(precision)
        .forEach(
            (name, trial) -> {
              for (Order order : Order.values()) {
                for (int chunk : new int[] {0, 16, 64}) {
                  trial
                      .worst(LinearKernel.of(precision, order, chunk))
                      .forEach((of, worst) -> tightness.merge(name + " " + of, worst, Math::max));
                }
              }
            });
    System.out.printf("%s: largest error/bound %s%n", precision.id(), tightness);
    List<String> outside = new ArrayList<>();
    tightness.forEach(
        (name, worst) -> {
          if (!(worst <= 1)) {
            outside.add(name + " " + worst);
          }
        });
    assertEquals(List.of(), outside);
    assertTrue(tightness.size() >= 26, () -> "only " + tightness.size() + " tensors");
  }

  @ParameterizedTest
  @EnumSource(
      value = PrecisionClass.class,
      names = {"F64", "F32_FLASH"})
  void a_small_slip_in_the_values_is_outside(PrecisionClass precision) {
    double fault = precision == PrecisionClass.F64 ? 1e-10 : 5e-3;
    LinearKernel slipped =
        new LinearKernel(new FlashKernel(precision, 16, Order.ASCENDING, false), 0, fault);
    trials(precision)
        .forEach(
            (name, trial) ->
                trial
                    .worst(slipped)
                    .forEach(
                        (of, worst) ->
                            assertTrue(
                                worst > 1 || !readsValues(of),
                                () -> name + " " + of + " " + worst)));
  }

  private static boolean readsValues(String result) {
    return !result.equals("dv") && !result.equals("d_decay");
  }
}
