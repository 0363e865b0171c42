package dev.assay.bench.headline;

import dev.assay.bench.headline.ShareOfPeak.Timed;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Row;
import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The list of the headline suite: every figure that the project promises, and its goal. */
public final class Experiments {
  private static final int HEADS = 8;

  /** Kernels are to wait without spinning, and its BLAS runs within its own threads. */
  private static final Map<String, String> TORCH =
      Map.of("OMP_WAIT_POLICY", "passive", "OPENBLAS_NUM_THREADS", "1");

  private static final Map<String, String> TORCH_AVX512 =
      Map.of(
          "OMP_WAIT_POLICY", "passive",
          "OPENBLAS_NUM_THREADS", "1",
          "OPENBLAS_CORETYPE", "SapphireRapids");

  private Experiments() {}

  /** All ids, in the order in which they are run. */
  public static List<String> ids() {
    return all(Sizes.FULL).stream().map(Experiment::id).toList();
  }

  /**
   * Those of the given ids; an id stands for all that begin with it and a hyphen, too.
   *
   * @throws IllegalArgumentException if an id stands for none
   */
  static List<Experiment> chosen(List<String> only, Sizes sizes) {
    List<Experiment> all = all(sizes);
    for (String id : only) {
      Require.argument(
          all.stream().anyMatch(experiment -> stands(id, experiment)),
          "there is no experiment %s: there are %s",
          id,
          String.join(", ", ids()));
    }
    return all.stream()
        .filter(e -> only.isEmpty() || only.stream().anyMatch(id -> stands(id, e)))
        .toList();
  }

  /** The one of exactly that id. */
  static Experiment find(String id, Sizes sizes) {
    return all(sizes).stream().filter(e -> e.id().equals(id)).findFirst().orElseThrow();
  }

  private static boolean stands(String id, Experiment experiment) {
    return experiment.id().equals(id) || experiment.id().startsWith(id + "-");
  }

  static List<Experiment> all(Sizes sizes) {
    List<Experiment> all = new ArrayList<>();
    for (int n : new int[] {2048, 4096, 8192}) {
      all.add(dense(n, sizes));
    }
    all.addAll(passes(sizes));
    all.add(new DensityLine(sizes.n(8192, 320), HEADS));
    all.add(new LongChunks(sizes.n(12, 9), sizes.n(20, 10)));
    all.add(new Decode(sizes.n(1 << 16, 2048), HEADS));
    all.add(new TrainingStep(sizes.n(5120, 320), HEADS));
    all.add(
        new TrainingMemory(
            sizes.n(5120, 320),
            sizes.series(List.of(1024, 2048, 4096, 8192), List.of(128, 256)),
            HEADS));
    all.add(new MillionTokens(sizes.n(1 << 20, 1 << 11), 16));
    all.add(new Allocation(sizes.n(8192, 320), HEADS));
    all.add(new Fp64MatMul(sizes.series(List.of(512, 1024, 2048), List.of(33, 70))));
    all.addAll(peers(sizes));
    return all;
  }

  private static Experiment dense(int full, Sizes sizes) {
    return new ShareOfPeak(
        "dense-" + full,
        Recipes.DENSE,
        sizes.n(full, 192),
        HEADS,
        Timed.FORWARD,
        threads ->
            Goal.share(
                Row.SHARE,
                "dense forward, n = " + full,
                threads == 1 ? 0.72 : 0.65,
                threads == 1 ? 0.80 : 0.76));
  }

  private static List<Experiment> passes(Sizes sizes) {
    int n = sizes.n(4096, 192);
    Goal backward = Goal.share(Row.SHARE, "backward alone, n = 4096", 0.76, 0.84);
    Goal causal = Goal.share(Row.SHARE, "causal forward on its half, n = 4096", 0.66, 0.76);
    String sparse = "5 blocks of 64 a row, n = 4096, ";
    Goal random = Goal.share(Row.SHARE, sparse + "random for each row and head", 0.55, 0.70);
    Goal band = Goal.share(Row.SHARE, sparse + "the last four and the first", 0.55, 0.70);
    return List.of(
        new ShareOfPeak("backward", Recipes.DENSE, n, HEADS, Timed.BACKWARD, _ -> backward),
        new ShareOfPeak("causal", Recipes.CAUSAL, n, HEADS, Timed.FORWARD, _ -> causal),
        new ShareOfPeak(
            "sparse-random", Recipes.randomBlocks(5), n, HEADS, Timed.FORWARD, _ -> random),
        new ShareOfPeak("sparse-band", Recipes.BAND, n, HEADS, Timed.FORWARD, _ -> band));
  }

  private static List<Experiment> peers(Sizes sizes) {
    List<Experiment> peers = new ArrayList<>();
    for (int n : new int[] {2048, 4096, 8192}) {
      Goal goal =
          Goal.times(Row.RATIO, "dense forward against MultiHeadAttention, n = " + n, 1.0, 1.1);
      peers.add(
          peer("onnxruntime-dense-" + n, "onnxruntime", sizes.n(n, 192), Recipes.DENSE, goal));
    }
    int n = sizes.n(4096, 192);
    Goal sparse =
        Goal.times(
            Row.RATIO, "causal, 5 blocks of 64 a row against SparseAttention, n = 4096", 10, 15);
    peers.add(peer("onnxruntime-sparse", "onnxruntime", n, Recipes.CAUSAL_BAND, sparse));
    String both = "forward and backward against libtorch, n = 4096, ";
    Goal shipped = Goal.times(Row.RATIO, both + "as shipped", 2.0, 2.5);
    Goal avx512 = Goal.times(Row.RATIO, both + "with AVX-512 OpenBLAS", 1.2, 1.5);
    peers.add(
        new AgainstPeer(
            "libtorch-shipped", Recipes.DENSE, n, HEADS, "libtorch", true, shipped, TORCH));
    peers.add(
        new AgainstPeer(
            "libtorch-avx512", Recipes.DENSE, n, HEADS, "libtorch", true, avx512, TORCH_AVX512));
    return peers;
  }

  private static Experiment peer(String id, String peer, int n, Recipe recipe, Goal goal) {
    return new AgainstPeer(id, recipe, n, HEADS, peer, false, goal, Map.of());
  }
}
