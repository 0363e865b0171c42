package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two halves of the keys joined are all of them; the engine is one that runs everywhere. */
class BranchJoinTest {
  private static final Engine SIMD = Engines.find("simd");

  private static Tensor drawn(int stream, int... extents) {
    Philox generator = new Philox(5, stream, 1);
    return Tensor.generate(Shape.of(extents), p -> generator.uniform16(p) / 32768.0 - 1)
        .to(Storage.F32);
  }

  private static MergePlan halves(@Nullable Tensor gates) {
    Tensor q = drawn(1, 1, 2, 5, 4);
    AttentionProblem all =
        AttentionProblem.of(q, drawn(2, 1, 2, 6, 4), drawn(3, 1, 2, 6, 3)).build();
    return new MergePlan(
        List.of(
            new Branch(all.with(q, all.k(), all.v(), null).keyLengths(4).build(), new DensePlan()),
            new Branch(all, new DensePlan())),
        gates);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void agrees_with_the_engine_that_joins_by_itself(boolean gated) {
    MergePlan plan = halves(gated ? drawn(4, 2, 1, 2, 5) : null);
    AttentionProblem problem = plan.branches().getFirst().problem();
    BranchJoin join = new BranchJoin(SIMD, plan);
    Forward mine = join.forward();
    Forward right = SIMD.forward(problem, plan);
    near(right.out(), mine.out());
    assertEquals(gated, mine.lse() == null);
    if (!gated) {
      near(Objects.requireNonNull(right.lse()), Objects.requireNonNull(mine.lse()));
    }
    Tensor dOut = drawn(6, 1, 2, 5, 3);
    SIMD.backward(problem, plan, right, dOut, null)
        .byName()
        .forEach((name, gradient) -> near(gradient, join.backward(mine, dOut, null).get(name)));
  }

  /** Both are sums of a few terms of size 1 in fp32. */
  private static void near(Tensor right, Tensor mine) {
    for (int p = 0; p < right.size(); p++) {
      assertTrue(Math.abs(right.get(p) - mine.get(p)) < 1e-5, "element " + p);
    }
  }
}
