package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Engine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is masked or unused has no influence, not on a single bit: it may hold NaN, infinity or a
 * huge number. What is admissible passes its NaN on to whoever sees it, and to nobody else. How
 * many channels there are decides whether tiles are copied.
 */
@Tag("width")
abstract class PoisonTrials {
  private static final Draw DRAW = new Draw(26);
  private static final Engine SIMD = new SimdEngine(2);
  private static final int QUERIES = 90;
  private static final int KEYS = 100;
  private static final double[] POISONS = {
    Double.NaN, 1e30, Float.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private final int depth;
  private final int channels;

  PoisonTrials(int depth, int channels) {
    this.depth = depth;
    this.channels = channels;
  }

  /** q, k, v and dOut, some of them poisoned. */
  private record Inputs(Tensor q, Tensor k, Tensor v, Tensor dOut) {
    /** Rows from a certain one on poisoned, in all heads. */
    Inputs fromQuery(int first, double poison) {
      return new Inputs(from(q, first, poison), k, v, from(dOut, first, poison));
    }

    Inputs fromKey(int first, double poison) {
      return new Inputs(q, from(k, first, poison), from(v, first, poison), dOut);
    }

    Inputs key(int at, double poison) {
      return new Inputs(q, row(k, at, poison), row(v, at, poison), dOut);
    }

    Inputs query(int at, double poison) {
      return new Inputs(row(q, at, poison), k, v, row(dOut, at, poison));
    }

    private static Tensor from(Tensor tensor, int first, double poison) {
      return Tensor.generate(
          tensor.shape(), p -> tensor.shape().index(p)[2] >= first ? poison : tensor.get(p));
    }

    private static Tensor row(Tensor tensor, int at, double poison) {
      return Tensor.generate(
          tensor.shape(), p -> tensor.shape().index(p)[2] == at ? poison : tensor.get(p));
    }

    /** A scale above 1, so that a factor cannot make a number infinite unnoticed. */
    ProblemBuilder problem() {
      return AttentionProblem.of(f32(q), f32(k), f32(v)).scale(8);
    }
  }

  private Inputs clean() {
    return new Inputs(
        DRAW.bell(1, 1, 2, QUERIES, depth),
        DRAW.bell(2, 1, 2, KEYS, depth),
        DRAW.bell(3, 1, 2, KEYS, channels),
        DRAW.bell(4, 1, 2, QUERIES, channels));
  }

  private static Tensor f32(Tensor tensor) {
    return tensor.to(Storage.F32);
  }

  private static List<Tensor> results(ProblemBuilder builder, Inputs inputs) {
    AttentionProblem problem = builder.build();
    Forward forward = SIMD.forward(problem, new DensePlan());
    Gradients gradients =
        SIMD.backward(problem, new DensePlan(), forward, f32(inputs.dOut()), null);
    List<Tensor> all = new ArrayList<>(gradients.byName().values());
    all.add(forward.out());
    all.add(Objects.requireNonNull(forward.lse()));
    return all;
  }

  private static void sameBits(List<Tensor> clean, List<Tensor> poisoned, double poison) {
    for (int t = 0; t < clean.size(); t++) {
      int number = t;
      assertTrue(
          clean.get(t).bitEquals(poisoned.get(t)),
          () -> "result " + number + " changed with " + poison);
    }
  }

  @Test
  void nothing_behind_the_lengths_is_seen() {
    Inputs clean = clean();
    List<Tensor> expected = results(clean.problem().queryLengths(70).keyLengths(75), clean);
    for (double poison : POISONS) {
      Inputs poisoned = clean.fromQuery(70, poison).fromKey(75, poison);
      sameBits(
          expected, results(poisoned.problem().queryLengths(70).keyLengths(75), poisoned), poison);
    }
  }

  @Test
  void keys_behind_the_causal_frontier_are_not_seen() {
    Inputs clean = clean();
    List<Tensor> expected = results(clean.problem().causal(true).offset(0), clean);
    for (double poison : POISONS) {
      Inputs poisoned = clean.fromKey(QUERIES, poison);
      sameBits(expected, results(poisoned.problem().causal(true).offset(0), poisoned), poison);
    }
  }

  @Test
  void masked_keys_and_rows_are_not_seen() {
    Inputs clean = clean();
    Tensor mask =
        Tensor.generate(
            Shape.of(1, 1, QUERIES, KEYS), p -> p % KEYS == 17 || p / KEYS == 66 ? 0 : 1);
    List<Tensor> expected = results(clean.problem().mask(mask), clean);
    for (double poison : POISONS) {
      Inputs poisoned = clean.key(17, poison).query(66, poison);
      sameBits(expected, results(poisoned.problem().mask(mask), poisoned), poison);
    }
  }

  @Test
  void keys_with_a_bias_of_minus_infinity_are_not_seen() {
    Inputs clean = clean();
    Tensor bias =
        f32(
            Tensor.generate(
                Shape.of(1, 1, 1, KEYS), p -> p % 9 == 4 ? Double.NEGATIVE_INFINITY : 0.5));
    List<Tensor> expected = results(clean.problem().bias(bias).softcap(3), clean);
    for (double poison : POISONS) {
      Inputs poisoned = clean.key(4, poison).key(67, poison);
      sameBits(expected, results(poisoned.problem().bias(bias).softcap(3), poisoned), poison);
    }
  }

  @Test
  void values_of_dropped_pairs_are_not_seen() {
    Inputs clean = clean();
    Tensor keep = Tensor.generate(Shape.of(1, 1, 1, KEYS), p -> p == 33 ? 0 : 1);
    List<Tensor> expected = results(clean.problem().dropout(keep, 0.1), clean);
    for (double poison : POISONS) {
      Tensor v = Inputs.row(clean.v(), 33, poison);
      Inputs poisoned = new Inputs(clean.q(), clean.k(), v, clean.dOut());
      sameBits(expected, results(poisoned.problem().dropout(keep, 0.1), poisoned), poison);
    }
  }

  @Test
  void pages_of_nobody_and_the_rest_of_the_last_page_are_not_seen() {
    Paging pages = new Paging(new int[][] {{3, 1, -7}}, 20);
    Tensor q = DRAW.bell(1, 1, 2, QUERIES, depth);
    Tensor dOut = DRAW.bell(4, 1, 2, QUERIES, channels);
    Tensor k = DRAW.bell(2, 5, 2, 20, depth);
    Tensor v = DRAW.bell(3, 5, 2, 20, channels);
    Inputs clean = new Inputs(q, k, v, dOut);
    List<Tensor> expected = results(clean.problem().paging(pages).keyLengths(33), clean);
    for (double poison : POISONS) {
      Inputs poisoned = new Inputs(q, unused(k, poison), unused(v, poison), dOut);
      sameBits(
          expected, results(poisoned.problem().paging(pages).keyLengths(33), poisoned), poison);
    }
  }

  /** Pages 0, 2 and 4, and page 1 from slot 13 on. */
  private static Tensor unused(Tensor pool, double poison) {
    return Tensor.generate(
        pool.shape(),
        p -> {
          int[] at = pool.shape().index(p);
          return at[0] % 2 == 0 || (at[0] == 1 && at[2] >= 13) ? poison : pool.get(p);
        });
  }

  @ParameterizedTest
  @CsvSource({"1, NaN", "1, Infinity", "2, NaN", "2, -Infinity", "3, NaN", "3, Infinity"})
  void what_is_admissible_is_passed_on_as_the_reference_passes_it_on(int tensor, double number) {
    Tensor q = DRAW.bell(1, 1, 2, QUERIES, depth);
    Tensor k = DRAW.bell(2, 1, 2, KEYS, depth);
    Tensor v = DRAW.bell(3, 1, 2, KEYS, channels);
    Tensor dense = tensor == 1 ? q : tensor == 2 ? k : v;
    Tensor planted =
        Draw.planted(
            dense,
            DRAW.coin(5, 0.5 / dense.shape().extent(3) / 16, dense.shape().toArray()),
            number);
    AttentionProblem problem =
        AttentionProblem.of(
                tensor == 1 ? planted : q, tensor == 2 ? planted : k, tensor == 3 ? planted : v)
            .mask(DRAW.coin(6, 0.5, 1, 2, QUERIES, KEYS))
            .window(new Window(15, 15))
            .build();
    Trial trial = new Trial("planted " + number, problem, new DensePlan(), 1);
    trial.holds(SIMD);
    Tensor out = Objects.requireNonNull(trial.results(SIMD).get("out"));
    long finite = out.size() - nonFinite(out);
    assertTrue(nonFinite(out) > 0 && finite > 0, "the number must reach some rows and not all");
  }

  @Test
  void an_infinite_value_under_a_vanishing_weight_stays_infinite() {
    for (int queries : new int[] {1, 20}) {
      Tensor k = Tensor.generate(Shape.of(1, 1, 2, 4), p -> p < 4 ? 0 : -24);
      Tensor v = Tensor.generate(Shape.of(1, 1, 2, 4), p -> p == 5 ? Double.POSITIVE_INFINITY : 1);
      AttentionProblem problem =
          AttentionProblem.of(Tensor.generate(Shape.of(1, 1, queries, 4), p -> 1), k, v)
              .scale(1)
              .build();
      new Trial("vanishing, " + queries, problem, new DensePlan(), 1).holds(SIMD);
    }
  }

  private static long nonFinite(Tensor tensor) {
    long count = 0;
    for (int p = 0; p < tensor.size(); p++) {
      count += Double.isFinite(tensor.get(p)) ? 0 : 1;
    }
    return count;
  }

  @Test
  void a_row_without_keys_is_zero_even_if_its_query_is_nan() {
    Inputs inputs = clean().query(5, Double.NaN);
    AttentionProblem problem = inputs.problem().causal(true).offset(-50).build();
    Forward forward = SIMD.forward(problem, new DensePlan());
    Gradients gradients =
        SIMD.backward(problem, new DensePlan(), forward, f32(inputs.dOut()), null);
    for (Tensor result : gradients.byName().values()) {
      assertFalse(nonFinite(result) > 0);
    }
    assertTrue(nonFinite(forward.out()) == 0);
  }

  /** Branches without an LSE, too. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gates_and_cotangents_of_a_row_without_keys_are_not_seen_by_a_join(boolean features) {
    Plan plan = features ? new FeaturePlan(40) : new DensePlan();
    Inputs clean = clean();
    AttentionProblem problem = clean.problem().causal(true).offset(-50).build();
    Tensor gates = DRAW.bell(5, 2, 1, 2, QUERIES);
    List<Tensor> expected = gated(problem, plan, gates, clean.dOut());
    for (double poison : POISONS) {
      Tensor spoilt = Tensor.generate(gates.shape(), p -> p % QUERIES < 50 ? poison : gates.get(p));
      Tensor dOut =
          Tensor.generate(
              clean.dOut().shape(),
              p -> p / channels % QUERIES < 50 ? poison : clean.dOut().get(p));
      sameBits(expected, gated(problem, plan, spoilt, dOut), poison);
    }
  }

  /** Results of the same attention twice, joined by gates. */
  private static List<Tensor> gated(
      AttentionProblem problem, Plan each, Tensor gates, Tensor dOut) {
    Branch branch = new Branch(problem, each);
    MergePlan plan = new MergePlan(List.of(branch, branch), f32(gates));
    Forward forward = SIMD.forward(problem, plan);
    List<Tensor> all =
        new ArrayList<>(SIMD.backward(problem, plan, forward, f32(dOut), null).byName().values());
    all.add(forward.out());
    return all;
  }
}
