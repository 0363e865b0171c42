package dev.assay.accelerated.tornado;

import dev.assay.accelerated.simd.Draw;
import dev.assay.accelerated.simd.Trial;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Paging;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Ragged;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every part of a problem and every plan, forward and backward with cotangents of out and lse, each
 * element within the bound of its class.
 */
@EnabledIf(
    value = "dev.assay.accelerated.tornado.TestDevice#present",
    disabledReason = "TornadoVM finds no device here")
class TornadoParityTest {
  private static final Draw DRAW = new Draw(21);
  private static final int QUERIES = 70;
  private static final int KEYS = 130;

  private static ProblemBuilder plain() {
    return AttentionProblem.of(
        DRAW.bell(1, 1, 2, QUERIES, 24),
        DRAW.bell(2, 1, 2, KEYS, 24),
        DRAW.bell(3, 1, 2, KEYS, 20));
  }

  private static ProblemBuilder grouped(int heads, int kvHeads) {
    return AttentionProblem.of(
        DRAW.bell(1, 2, heads, QUERIES, 16),
        DRAW.bell(2, 2, kvHeads, KEYS, 16),
        DRAW.bell(3, 2, kvHeads, KEYS, 16));
  }

  private static ProblemBuilder scaled(int shift) {
    return AttentionProblem.of(
        DRAW.shifted(1, shift, 1, 2, QUERIES, 24),
        DRAW.shifted(2, shift, 1, 2, KEYS, 24),
        DRAW.bell(3, 1, 2, KEYS, 20));
  }

  private static Tensor constant(double value, int... extents) {
    return Tensor.full(Shape.of(extents), value);
  }

  static Stream<Trial> predicates() {
    return Stream.of(
        Trial.dense("nothing masked", plain()),
        Trial.dense("no scale", plain().scale(1)),
        Trial.dense("a negative scale", plain().scale(-0.3)),
        Trial.dense("scale 0", plain().scale(0)),
        Trial.dense("causal, more keys", plain().causal(true)),
        Trial.dense("causal, top left", plain().causal(true).offset(0)),
        Trial.dense("causal, rows without keys", plain().causal(true).offset(-65)),
        Trial.dense("a window", plain().window(new Window(9, 3))),
        Trial.dense("a window with one open side", plain().causal(true).window(new Window(-1, 0))),
        Trial.dense("a window of the query itself", plain().window(new Window(0, 0))),
        Trial.dense("lengths", plain().keyLengths(71).queryLengths(37)),
        Trial.dense("no valid key", plain().keyLengths(0)),
        Trial.dense("no valid query", plain().queryLengths(0)),
        Trial.dense("a mask", plain().mask(DRAW.coin(4, 0.6, 1, 2, QUERIES, KEYS))),
        Trial.dense("a mask of keys", plain().mask(DRAW.coin(4, 0.6, 1, 1, 1, KEYS))),
        Trial.dense("a mask of queries", plain().mask(DRAW.coin(4, 0.6, 1, 1, QUERIES, 1))),
        Trial.dense("a mask of nothing", plain().mask(constant(0, 1, 1, 1, 1))),
        Trial.dense("softcap", plain().softcap(2)),
        Trial.dense("softcap that bends hard", scaled(-14).softcap(1)),
        Trial.dense("dropout", plain().dropout(DRAW.coin(5, 0.75, 1, 2, QUERIES, KEYS), 0.25)),
        Trial.dense(
            "dropout and causal",
            plain().causal(true).dropout(DRAW.coin(5, 0.5, 1, 1, 1, KEYS), 0.5)));
  }

  static Stream<Trial> biases() {
    List<Trial> trials = new ArrayList<>();
    int[][] shapes = {
      {2, 4, QUERIES, KEYS}, {1, 4, QUERIES, KEYS}, {2, 1, QUERIES, KEYS}, {1, 1, QUERIES, KEYS},
      {2, 1, 1, KEYS}, {1, 4, 1, KEYS}, {1, 1, QUERIES, 1}, {2, 4, 1, 1}
    };
    for (int[] shape : shapes) {
      Tensor bias = DRAW.bell(7, shape);
      Tensor holed = Draw.planted(bias, DRAW.coin(8, 0.1, shape), Double.NEGATIVE_INFINITY);
      trials.add(Trial.dense("bias " + bias.shape(), grouped(4, 2).causal(true).bias(bias)));
      trials.add(Trial.dense("bias with -inf " + bias.shape(), grouped(4, 2).bias(holed)));
    }
    trials.add(
        Trial.dense("softcap and bias", plain().softcap(1).bias(DRAW.bell(7, 1, 2, QUERIES, 1))));
    trials.add(Trial.dense("a large bias", plain().bias(DRAW.shifted(7, -8, 1, 2, QUERIES, KEYS))));
    return trials.stream();
  }

  static Stream<Trial> heads() {
    return Stream.of(
        Trial.dense("8 heads on 2", grouped(8, 2).causal(true)),
        Trial.dense("6 heads on 1", grouped(6, 1)),
        Trial.dense("3 heads", grouped(3, 3).keyLengths(130, 5).queryLengths(3, 70)));
  }

  static Stream<Trial> magnitudes() {
    return Stream.of(
        Trial.dense("logits up to 1e4", scaled(-9)),
        Trial.dense("logits up to 1e4, causal", scaled(-9).causal(true)),
        Trial.dense("tiny logits", scaled(-40)),
        Trial.dense(
            "equal logits",
            AttentionProblem.of(
                constant(3, 1, 2, QUERIES, 8),
                constant(-2, 1, 2, KEYS, 8),
                DRAW.bell(3, 1, 2, KEYS, 8))));
  }

  static Stream<Trial> packings() {
    int[] cuQueries = {0, 0, 5, 40, 40, 70};
    int[] cuKeys = {0, 3, 3, 70, 99, 130};
    Ragged ragged = new Ragged(cuQueries, cuKeys);
    ProblemBuilder one =
        AttentionProblem.of(
            DRAW.bell(1, 1, 4, QUERIES, 16),
            DRAW.bell(2, 1, 2, KEYS, 16),
            DRAW.bell(3, 1, 2, KEYS, 16));
    Paging pages = new Paging(new int[][] {{4, 1, 7}, {1, 0, 99}}, 17);
    ProblemBuilder paged =
        AttentionProblem.of(
                DRAW.bell(1, 2, 4, QUERIES, 16),
                DRAW.bell(2, 8, 2, 17, 16),
                DRAW.bell(3, 8, 2, 17, 12))
            .paging(pages)
            .keyLengths(45, 30);
    return Stream.of(
        Trial.dense("ragged with empty sequences", one.ragged(ragged)),
        Trial.of("ragged, chunks", one.ragged(ragged).causal(true), chunks(13, 10, true)),
        Trial.dense("pages, one of them shared", paged),
        Trial.dense("pages, causal", paged.causal(true)));
  }

  /** Ends around a tile, channels around a chunk and a slab, up to 256. */
  static Stream<Trial> extents() {
    List<Trial> trials = new ArrayList<>();
    int[][] extents = {
      {1, 1, 1, 1},
      {1, 300, 64, 64},
      {31, 32, 15, 16},
      {33, 65, 17, 63},
      {64, 31, 64, 65},
      {32, 33, 128, 129},
      {40, 40, 256, 256},
      {5, 97, 200, 8}
    };
    for (int[] e : extents) {
      trials.add(
          Trial.dense(
              "n_q %d n_k %d d %d d_v %d".formatted(e[0], e[1], e[2], e[3]),
              AttentionProblem.of(
                      DRAW.bell(1, 1, 2, e[0], e[2]),
                      DRAW.bell(2, 1, 1, e[1], e[2]),
                      DRAW.bell(3, 1, 1, e[1], e[3]))
                  .causal(e[0] < e[1])));
    }
    return trials.stream();
  }

  static Stream<Trial> plans() {
    return Stream.of(
        Trial.of("blocks of a tile", plain(), blocks(64, 64, 1, false)),
        Trial.of("blocks smaller than a tile", plain().causal(true), blocks(16, 8, 1, false)),
        Trial.of("blocks larger than a tile", plain(), blocks(128, 100, 1, false)),
        Trial.of(
            "blocks across tiles", plain().window(new Window(30, 10)), blocks(23, 41, 1, false)),
        Trial.of("blocks for each head", grouped(4, 2), blocks(32, 32, 4, false)),
        Trial.of("blocks for each batch and head", grouped(4, 2), blocks(32, 32, 8, false)),
        Trial.of("blocks with bits", plain().causal(true), blocks(20, 30, 2, true)),
        Trial.of("chunks", plain(), chunks(16, 9, true)),
        Trial.of("chunks without their own", plain().causal(true), chunks(13, 10, false)),
        Trial.of("one chunk", plain(), chunks(200, 1, true)),
        Trial.of("merge by lse", plain(), merge(null)),
        Trial.of("merge by gates", plain(), merge(DRAW.bell(14, 2, 1, 2, QUERIES))));
  }

  private static BlockPlan blocks(int querySize, int keySize, int maps, boolean bits) {
    int[] queryBounds = BlockMask.uniformBounds(QUERIES, querySize);
    int[] keyBounds = BlockMask.uniformBounds(KEYS, keySize);
    List<BlockRows> rows = new ArrayList<>();
    for (int map = 0; map < maps; map++) {
      boolean[][] table = new boolean[queryBounds.length - 1][keyBounds.length - 1];
      for (int row = 0; row < table.length; row++) {
        for (int col = 0; col < table[row].length; col++) {
          table[row][col] = (3 * row + 2 * col + map) % 4 < 2;
        }
      }
      BlockRows plain = BlockRows.of(table);
      rows.add(bits ? withBits(plain, querySize * keySize) : plain);
    }
    return new BlockPlan(new BlockMask(queryBounds, keyBounds, rows));
  }

  /**
   * Lists long enough to be shared by several work-groups: a block of keys that all queries of a
   * head meet, and a block of its queries that meets all keys.
   */
  static Stream<Trial> sinks() {
    int count = 68;
    int n = count * 32 - 27;
    List<BlockRows> rows = new ArrayList<>();
    for (int head = 0; head < 2; head++) {
      boolean[][] table = new boolean[count][count];
      for (int row = 0; row < count; row++) {
        table[row][row] = true;
        // Head 1 has idle parts.
        table[row][0] |= head == 0;
        table[7][row] |= head == 0;
      }
      rows.add(BlockRows.of(table));
    }
    int[] bounds = BlockMask.uniformBounds(n, 32);
    BlockPlan plan = new BlockPlan(new BlockMask(bounds, bounds, rows));
    Tensor q = DRAW.bell(1, 2, 2, n, 5);
    Tensor k = DRAW.bell(2, 2, 2, n, 5);
    Tensor v = DRAW.bell(3, 2, 2, n, 3);
    Tensor oneKey = DRAW.bell(2, 2, 1, n, 70);
    return Stream.of(
            AttentionProblem.of(q, k, v),
            AttentionProblem.of(DRAW.bell(1, 2, 2, n, 70), oneKey, oneKey),
            AttentionProblem.of(q, k, v).bias(DRAW.bell(7, 1, 2, 1, n)),
            AttentionProblem.of(q, k, v).causal(true).bias(DRAW.bell(7, 1, 1, n, 1)))
        .map(builder -> new Trial("sinks", builder.build(), plan, 1));
  }

  private static BlockRows withBits(BlockRows rows, int most) {
    @Nullable BitSet[] bits = new @Nullable BitSet[rows.entries()];
    for (int e = 0; e < bits.length; e += 2) {
      BitSet set = new BitSet();
      for (int bit = e; bit < most; bit += 3) {
        set.set(bit);
      }
      bits[e] = set;
    }
    return new BlockRows(rows.rowPtr(), rows.colIdx(), rows.full(), bits);
  }

  private static ChunkPlan chunks(int size, int count, boolean own) {
    List<int[]> neighbours = new ArrayList<>();
    for (int chunk = 0; chunk < count; chunk++) {
      neighbours.add(chunk == 0 ? new int[] {} : new int[] {chunk - 1});
    }
    return new ChunkPlan(size, own, List.of(neighbours));
  }

  /** Branches with different keys; rows of the second are empty where the first's need not be. */
  private static MergePlan merge(@Nullable Tensor gates) {
    AttentionProblem near = plain().causal(true).window(new Window(20, 0)).build();
    AttentionProblem far =
        AttentionProblem.of(near.q(), DRAW.bell(12, 1, 2, 40, 24), DRAW.bell(13, 1, 2, 40, 20))
            .causal(true)
            .offset(-30)
            .build();
    return new MergePlan(
        List.of(new Branch(near, new DensePlan()), new Branch(far, chunks(16, 5, true))), gates);
  }

  @ParameterizedTest
  @MethodSource({
    "predicates",
    "biases",
    "heads",
    "magnitudes",
    "packings",
    "extents",
    "plans",
    "sinks"
  })
  void every_element_is_within_its_bound(Trial trial) {
    trial.holds(TestDevice.ENGINE);
  }
}
