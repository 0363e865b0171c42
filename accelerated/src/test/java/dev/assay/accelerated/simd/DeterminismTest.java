package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.Paging;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Tensor;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bits do not depend on threads, nor on the moment at which the compiler replaces the interpreter.
 */
@Tag("width")
class DeterminismTest {
  private static final Draw DRAW = new Draw(23);

  /** Enough for the compiler to have replaced every kernel, at least where vectors are native. */
  private static final int RUNS = Lanes.LANES > 8 ? 2 : 10;

  /**
   * Every sum that threads could share: heads of a group, pages, bias broadcast along each axis,
   * parts of a split over keys, lists of keys.
   */
  private static Stream<Trial> trials() {
    ProblemBuilder few =
        AttentionProblem.of(
            DRAW.bell(1, 1, 2, 3, 16), DRAW.bell(2, 1, 1, 2500, 16), DRAW.bell(3, 1, 1, 2500, 16));
    AttentionProblem listed = problem(DRAW.bell(7, 1, 1, 1, 100)).build();
    return Stream.of(
        Trial.dense("grouped", problem(null)),
        Trial.dense("bias by pair", problem(DRAW.bell(7, 1, 1, 140, 100))),
        Trial.dense("bias by pair and head", problem(DRAW.bell(7, 2, 4, 140, 100))),
        Trial.dense("bias by key", problem(DRAW.bell(7, 1, 1, 1, 100))),
        Trial.dense("bias by query", problem(DRAW.bell(7, 1, 1, 140, 1))),
        Trial.dense("few queries", few),
        Trial.dense("pages, one of them shared", paged()),
        new Trial("lists", listed, Scattered.lists(DRAW, listed), 1),
        blocks());
  }

  /** 9 tiles of queries of each of 2 heads, whose blocks are others in each tile; one has none. */
  private static Trial blocks() {
    int tiles = 9;
    int n = tiles * Tile.EDGE - 5;
    boolean[][][] tables = new boolean[2][tiles][tiles];
    for (int h = 0; h < tables.length; h++) {
      for (int i = 0; i < tiles; i++) {
        for (int j = 0; j < tiles; j++) {
          tables[h][i][j] = i != 3 && (i + 2 * j + h) % 3 != 0;
        }
      }
    }
    int[] bounds = BlockMask.uniformBounds(n, Tile.EDGE);
    AttentionProblem problem =
        AttentionProblem.of(
                DRAW.bell(1, 1, 2, n, 16), DRAW.bell(2, 1, 2, n, 16), DRAW.bell(3, 1, 2, n, 16))
            .build();
    return new Trial("blocks", problem, new BlockPlan(BlockMask.of(bounds, bounds, tables)), 1);
  }

  private static ProblemBuilder paged() {
    return AttentionProblem.of(
            DRAW.bell(1, 2, 2, 140, 16), DRAW.bell(2, 5, 1, 64, 16), DRAW.bell(3, 5, 1, 64, 16))
        .paging(new Paging(new int[][] {{4, 1, 0}, {2, 1, 3}}, 64))
        .keyLengths(150, 180);
  }

  private static ProblemBuilder problem(@Nullable Tensor bias) {
    return AttentionProblem.of(
            DRAW.bell(1, 2, 4, 140, 16), DRAW.bell(2, 2, 2, 100, 16), DRAW.bell(3, 2, 2, 100, 16))
        .causal(true)
        .bias(bias);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void bits_do_not_depend_on_the_number_of_threads(int threads) {
    trials().forEach(trial -> trial.sameBits(new SimdEngine(1), new SimdEngine(threads)));
  }

  @Test
  void bits_do_not_change_while_the_code_gets_compiled() {
    SimdEngine engine = new SimdEngine(2);
    Trial trial = Trial.dense("grouped", problem(null));
    SequencedMap<String, Tensor> first = trial.results(engine);
    for (int run = 0; run < RUNS; run++) {
      trial.sameBits(first, engine);
    }
  }
}
