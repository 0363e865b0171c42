package dev.assay.catalog;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.linear.LinearRecurrence;
import dev.assay.mechanism.linear.LinearTransformer;
import dev.assay.mechanism.linear.Performer;
import dev.assay.mechanism.lowrank.AnchorAttention;
import dev.assay.mechanism.lowrank.Linformer;
import dev.assay.mechanism.lowrank.Nystromformer;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A mechanism with settings, and self-attention tensors for it: three heads of d = 4, two batch
 * entries of n tokens.
 *
 * @param name what a failure calls it
 * @param mechanism with its settings
 * @param unit tokens that must change together for the past to stay the same: 1, a chunk where
 *     neighbours are learned, or 0 where even the past sees the future
 */
public record LawSubject(String name, Mechanism mechanism, int unit) {
  static final int BATCHES = 2;
  static final int HEADS = 3;
  static final int DEPTH = 4;
  private static final int SEED = 20250101;

  /** Every mechanism in several settings. */
  public static List<LawSubject> all() {
    List<LawSubject> all = new ArrayList<>();
    for (boolean causal : new boolean[] {false, true}) {
      add(all, Dense.class, 1, causal);
      add(all, Dense.class, 1, causal, "rope=HALF", "softcap=2");
      add(all, SlidingWindow.class, 1, causal, "window=3");
      add(all, LinearTransformer.class, 1, causal);
      add(all, Performer.class, 1, causal, "features=5");
      add(all, Performer.class, 1, causal, "kernel=RELU", "constants=LUCIDRAINS");
      add(all, Performer.class, 0, causal, "constants=LUCIDRAINS", "features=5");
      add(all, AnchorAttention.class, 0, causal, "anchors=3", "chunk=2", "nearest=2");
      add(all, AnchorAttention.class, 0, causal, "anchors=3", "chunk=2", "sharedKeys=false");
      add(all, BlockSparse.class, 1, causal, "blockQ=3", "blockK=3");
      for (String combination : List.of("JOINT", "SUM", "GATED", "SEQUENTIAL")) {
        add(
            all,
            HierarchicalChunking.class,
            1,
            causal,
            "sizeRule=FIXED",
            "size=3",
            "combination=" + combination);
      }
      add(
          all,
          HierarchicalChunking.class,
          1,
          causal,
          "sizeRule=FIXED",
          "size=2",
          "neighbours=EACH_SIDE",
          "tail=DROP");
      add(
          all,
          HierarchicalChunking.class,
          3,
          causal,
          "sizeRule=FIXED",
          "size=3",
          "neighbours=LEARNED",
          "t=1");
      for (String mode : List.of("SOFT_MULT", "LITERAL_HARD", "STE", "SOFT_TRAIN")) {
        add(all, HeadGate.class, 0, causal, "mode=" + mode);
        add(all, HeadGate.class, 1, causal, "mode=" + mode, "granularity=TOKEN");
      }
      add(all, HeadGate.class, 1, causal, "granularity=PREFIX");
      add(all, HeadGate.class, 0, causal, "reading=FIGURE_3");
    }
    for (String rule : List.of("LINEAR", "GATED", "DELTA", "GATED_DELTA")) {
      Map<String, String> settings = Map.of("rule", rule);
      LinearRecurrence recurrence = Settings.make(LinearRecurrence.class, settings);
      all.add(new LawSubject("linear-recurrence " + rule, recurrence, 1));
    }
    for (String settings : List.of("landmarks=3", "landmarks=2")) {
      Nystromformer nystrom = Settings.make(Nystromformer.class, Settings.parse(List.of(settings)));
      all.add(new LawSubject("nystromformer " + settings, nystrom, 0));
    }
    Map<String, String> landmarks = Map.of("reading", "LANDMARKS", "anchors", "3");
    Mechanism anchors = Settings.make(AnchorAttention.class, landmarks);
    all.add(new LawSubject("anchor-attention LANDMARKS", anchors, 0));
    all.add(new LawSubject("linformer", Settings.defaults(Linformer.class), 0));
    return all;
  }

  private static void add(
      List<LawSubject> all,
      Class<? extends Mechanism> type,
      int unit,
      boolean causal,
      String... settings) {
    List<String> assignments = new ArrayList<>(List.of(settings));
    assignments.add("causal=" + causal);
    Mechanism mechanism = Settings.make(type, Settings.parse(assignments));
    all.add(new LawSubject(mechanism.id() + " " + assignments, mechanism, unit));
  }

  /** Causal, and without a mean over the whole sequence. */
  public boolean blindToFuture() {
    return unit > 0 && mechanism.causal();
  }

  /** q, k, v, cotangents and parameters for n tokens; the same numbers for the same seed. */
  public SequencedMap<String, Tensor> tensors(int n) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, draw(name, Shape.of(BATCHES, HEADS, n, DEPTH)));
    }
    tensors.put("d_lse", draw("d_lse", Shape.of(BATCHES, HEADS, n)));
    switch (mechanism) {
      case BlockSparse blocks -> {
        int count = (n + blocks.blockQ() - 1) / blocks.blockQ();
        tensors.put(
            "block_mask",
            KeepMask.where(Shape.of(HEADS, count, count), x -> (x[0] + x[1] + x[2]) % 3 != 1));
      }
      case HeadGate gate -> tensors.put("w_gate", draw("w_gate", Shape.of(HEADS, 2 * DEPTH)));
      case HierarchicalChunking chunks ->
          tensors.put("gate_logit", draw("gate_logit", Shape.of(1)));
      case LinearRecurrence recurrence -> {
        if (recurrence.rule().decays()) {
          tensors.put("decay", draw("decay", Shape.of(BATCHES, HEADS, n, DEPTH)));
        }
        if (recurrence.rule().steps()) {
          tensors.put("beta", draw("beta", Shape.of(BATCHES, HEADS, n)));
        }
      }
      case Linformer linformer -> {
        tensors.put("e", draw("e", Shape.of(3, n)));
        tensors.put("f", draw("f", Shape.of(3, n)));
      }
      default -> {}
    }
    return tensors;
  }

  public static Tensor draw(String name, Shape shape) {
    Philox generator = new Philox(SEED, Case.stream(name), 1);
    return Tensor.generate(shape, p -> Distribution.BELL.value(generator, p, CaseBuilder.UNIT));
  }

  public SequencedMap<String, Tensor> define(Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  @Override
  public String toString() {
    return name + ", seed " + SEED;
  }
}
