package dev.assay.gradcheck.bound;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Problems that between them use every part of a problem and every softmax plan. */
final class Problems {
  private static final int SEED = 11;
  private static final int KEYS = 100;

  private final PrecisionClass precision;

  Problems(PrecisionClass precision) {
    this.precision = precision;
  }

  /** All of them by name. */
  SequencedMap<String, Trial> all() {
    SequencedMap<String, Trial> all = new LinkedHashMap<>();
    put(all, "dense", plain(4, 4, -16), new DensePlan());
    put(all, "causal, grouped", plain(4, 2, -16).causal(true), new DensePlan());
    put(all, "window, more queries", plain(2, 1, -16).window(new Window(9, 3)), new DensePlan());
    put(all, "lengths", plain(2, 2, -16).keyLengths(71).queryLengths(37), new DensePlan());
    put(all, "large logits", plain(2, 2, -13), new DensePlan());
    put(all, "huge logits", plain(2, 2, -11), new DensePlan());
    put(all, "softcap", plain(2, 2, -15).softcap(3), new DensePlan());
    put(all, "bias", plain(2, 2, -16).bias(draw(7, -15, 1, 2, 40, KEYS)), new DensePlan());
    put(
        all,
        "bias for all rows",
        plain(2, 1, -16).bias(draw(8, -17, 1, 1, 1, KEYS)),
        new DensePlan());
    put(all, "finite mask", plain(2, 2, -16).bias(far()), new DensePlan());
    put(all, "dropout", plain(2, 2, -16).dropout(coin(), 0.25), new DensePlan());
    put(all, "blocks", plain(4, 2, -16).causal(true), blocks());
    put(all, "chunks", plain(2, 2, -16), chunks());
    put(all, "gather", plain(2, 2, -16), gather());
    put(all, "joined by lse", plain(2, 2, -16), merge(false));
    put(all, "joined by gates", plain(2, 2, -16), merge(true));
    return all;
  }

  private void put(SequencedMap<String, Trial> to, String name, ProblemBuilder builder, Plan plan) {
    to.put(name, new Trial(builder.build(), plan, SEED, precision));
  }

  private ProblemBuilder plain(int heads, int kvHeads, int shift) {
    return AttentionProblem.of(
        draw(1, shift, 1, heads, 40, 24),
        draw(2, shift, 1, kvHeads, KEYS, 24),
        draw(3, -16, 1, kvHeads, KEYS, 16));
  }

  private Tensor draw(int stream, int shift, int... extents) {
    return Trial.draw(Shape.of(extents), SEED, stream, shift, precision);
  }

  /** A bias that takes keys away without being -inf: as far down as the storage reaches. */
  private Tensor far() {
    double lowest = precision == PrecisionClass.FP16_FLASH ? -65_504 : -0x1.fep127;
    return Tensor.generate(Shape.of(1, 1, 1, KEYS), p -> p % 3 == 1 ? lowest : 0);
  }

  private Tensor coin() {
    Tensor bell = draw(9, -16, 1, 2, 40, KEYS);
    return Tensor.generate(bell.shape(), p -> bell.get(p) > -0.5 ? 1 : 0);
  }

  private static BlockPlan blocks() {
    boolean[][] table = new boolean[5][7];
    for (int row = 0; row < 5; row++) {
      for (int col = 0; col < 7; col++) {
        table[row][col] = (3 * row + 2 * col) % 4 < 2;
      }
    }
    return new BlockPlan(
        BlockMask.of(BlockMask.uniformBounds(40, 8), BlockMask.uniformBounds(KEYS, 16), table));
  }

  /** Queries are the first 40 of 100 tokens' chunks of 8: chunk numbers of keys reach further. */
  private static ChunkPlan chunks() {
    List<int[]> map = new ArrayList<>();
    int chunks = (KEYS + 7) / 8;
    for (int chunk = 0; chunk < chunks; chunk++) {
      map.add(chunk == 0 ? new int[] {chunks - 1} : new int[] {chunk - 1});
    }
    return new ChunkPlan(8, true, List.of(map));
  }

  private static GatherPlan gather() {
    int rows = 2 * 40;
    int[] rowPtr = new int[rows + 1];
    int[] keys = new int[rows * 5];
    int[] counts = new int[rows * 5];
    for (int row = 0; row < rows; row++) {
      rowPtr[row + 1] = 5 * (row + 1);
      for (int e = 0; e < 5; e++) {
        keys[row * 5 + e] = 20 * e + row % 17;
        counts[row * 5 + e] = 1 + (row + e) % 3;
      }
    }
    return new GatherPlan(rowPtr, keys, counts);
  }

  private MergePlan merge(boolean gated) {
    AttentionProblem near = plain(2, 2, -16).window(new Window(5, 5)).build();
    AttentionProblem far =
        AttentionProblem.of(near.q(), draw(12, -15, 1, 2, 13, 24), draw(13, -16, 1, 2, 13, 16))
            .build();
    return new MergePlan(
        List.of(new Branch(near, new DensePlan()), new Branch(far, new DensePlan())),
        gated ? draw(14, -17, 2, 1, 2, 40) : null);
  }
}
