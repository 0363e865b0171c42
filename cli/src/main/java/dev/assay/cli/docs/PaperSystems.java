package dev.assay.cli.docs;

import dev.assay.mechanism.Teacher;
import dev.assay.nn.Distilling;
import dev.assay.nn.Positions;
import dev.assay.nn.ReversibleBlock;
import dev.assay.nn.SigmaReparam;
import dev.assay.train.DistilledRecall;
import dev.assay.train.TaughtPattern;
import java.util.List;
import java.util.stream.Stream;

/** Every system that the papers name, and where it is. */
public final class PaperSystems {
  private static final List<PaperSystem> LEARNED =
      List.of(
          PaperSystem.of("LSPG, score level", "lspg"),
          PaperSystem.of("LSPG, block level", "lspg", "level=BLOCK"),
          PaperSystem.of("LSPG with a budget", "lspg", "budget=0.25"),
          PaperSystem.of("LSPG with masked logits set to zero", "lspg", "maskMode=ZERO_LOGIT"),
          PaperSystem.of("LSPG with a soft mask", "lspg", "maskMode=LOG_SOFT", "gate=SOFT"),
          PaperSystem.of("CAO as printed", "cao", "mode=L_EQ3"),
          PaperSystem.of("CAO, probabilities renormalised", "cao"),
          PaperSystem.of("CAO on logits", "cao", "mode=P_LOGIT"),
          PaperSystem.of("CAO with corrections that sum to zero", "cao", "mode=P_ZEROSUM"),
          PaperSystem.of("LSPG and CAO together", "adaptive-sparse-attention"),
          PaperSystem.of(
              "LSPG and CAO, without CAO", "adaptive-sparse-attention", "variant=WITHOUT_CAO"),
          PaperSystem.of(
              "LSPG and CAO, without LSPG", "adaptive-sparse-attention", "variant=WITHOUT_LSPG"),
          PaperSystem.of("Dynamic head gating", "head-gate"),
          PaperSystem.of("Hierarchical chunking", "hierarchical-chunking"),
          PaperSystem.of("Dynamic head gating with hierarchical chunking", "gated-chunking"),
          PaperSystem.of("Adaptive sparse block, hard", "adaptive-sparse-block"),
          PaperSystem.of(
              "Adaptive sparse block, soft", "adaptive-sparse-block", "modulator=SOFT_LOG"),
          PaperSystem.of(
              "Adaptive sparse block, one budget",
              "adaptive-sparse-block",
              "selection=GLOBAL_BUDGET"),
          PaperSystem.of("SeerAttention", "seer-attention"),
          PaperSystem.of("SeerAttention-R", "seer-attention-r"),
          PaperSystem.of("NSA", "native-sparse-attention"),
          PaperSystem.of("MoBA", "moba"),
          PaperSystem.of("MoSA, expert choice", "mosa"),
          PaperSystem.of("MoSA, causal by prefix", "mosa", "choice=PREFIX"),
          PaperSystem.of("MoSA, causal by threshold", "mosa", "choice=THRESHOLD"),
          PaperSystem.of("MoH", "moh"),
          PaperSystem.of("PSA", "psa"),
          PaperSystem.of("AdaSpa", "ada-spa"),
          PaperSystem.of("SpargeAttn", "sparge-attention"),
          PaperSystem.of("S2-Attention", "s2-attention"),
          PaperSystem.of("DSA, lightning indexer", "deepseek-sparse-attention"),
          PaperSystem.of("LAM", "lam"),
          PaperSystem.of("FlexPrefill", "flex-prefill"),
          PaperSystem.of("MInference, A-shape", "m-inference", "pattern=A_SHAPE"),
          PaperSystem.of("MInference, vertical and slash", "m-inference"),
          PaperSystem.of("MInference, block-sparse", "m-inference", "pattern=BLOCK_SPARSE"),
          PaperSystem.of("Quest", "quest"),
          PaperSystem.of("H2O", "h2o"),
          PaperSystem.of("StreamingLLM", "streaming-llm"),
          PaperSystem.of("sigmaReparam", SigmaReparam.class),
          PaperSystem.of("Distillation of gates, its targets", Teacher.class));

  private static final List<PaperSystem> CLASSIC =
      List.of(
          PaperSystem.of("Dense attention", "dense"),
          PaperSystem.of("Sinusoidal positions", Positions.class),
          PaperSystem.of("RoPE", "dense", "rope=HALF"),
          PaperSystem.of("ALiBi", "dense", "alibi=DISTANCE"),
          PaperSystem.of("Given blocks", "block-sparse"),
          PaperSystem.of("Sliding window", "sliding-window"),
          PaperSystem.of("Block-local attention", "block-local"),
          PaperSystem.of("Sparse Transformer, strided", "sparse-transformer"),
          PaperSystem.of("Sparse Transformer, fixed", "sparse-transformer", "pattern=FIXED"),
          PaperSystem.of("Longformer", "longformer"),
          PaperSystem.of("Longformer, dilated", "longformer", "dilation=2"),
          PaperSystem.of("BigBird, as a set", "big-bird"),
          PaperSystem.of("BigBird, as a multiset", "big-bird", "reading=MULTISET"),
          PaperSystem.of("DeepSpeed, fixed", "deep-speed-layout"),
          PaperSystem.of("DeepSpeed, variable", "deep-speed-layout", "layout=VARIABLE"),
          PaperSystem.of("DeepSpeed, bigbird", "deep-speed-layout", "layout=BIGBIRD"),
          PaperSystem.of("DeepSpeed, bslongformer", "deep-speed-layout", "layout=BSLONGFORMER"),
          PaperSystem.of("Reformer", "reformer"),
          PaperSystem.of("Reformer, one round", "reformer", "rounds=1"),
          PaperSystem.of("Reformer, without duplicates", "reformer", "duplicates=ONCE"),
          PaperSystem.of("Reversible layers", ReversibleBlock.class),
          PaperSystem.of("Routing Transformer", "routing-transformer"),
          PaperSystem.of("Anchors instead of hashes", "anchor-attention"),
          PaperSystem.of("Anchors as landmarks", "anchor-attention", "reading=LANDMARKS"),
          PaperSystem.of("Nystromformer", "nystromformer"),
          PaperSystem.of("Linformer", "linformer"),
          PaperSystem.of("Performer, FAVOR+", "performer"),
          PaperSystem.of("Linear transformer", "linear-transformer"),
          PaperSystem.of("Linear attention, gated", "linear-recurrence", "rule=GATED"),
          PaperSystem.of("DeltaNet", "linear-recurrence", "rule=DELTA"),
          PaperSystem.of("Gated DeltaNet", "linear-recurrence"),
          PaperSystem.of("Informer, ProbSparse", "informer"),
          PaperSystem.of("Informer, distilling", Distilling.class),
          PaperSystem.of("Transformer-XL", "transformer-xl"),
          PaperSystem.of("Transformer-LS", "transformer-ls"),
          PaperSystem.of("LongNet", "long-net"),
          PaperSystem.of("H-Transformer-1D", "h-transformer-1d"),
          PaperSystem.of("Sparse patterns distilled from dense attention", TaughtPattern.class),
          PaperSystem.of("A sparse student of a dense teacher", DistilledRecall.class));

  private PaperSystems() {}

  /** All, the learned ones first. */
  public static List<PaperSystem> all() {
    return Stream.concat(LEARNED.stream(), CLASSIC.stream()).toList();
  }

  /** Learned and dynamic ones. */
  public static List<PaperSystem> learned() {
    return LEARNED;
  }

  /** The others. */
  public static List<PaperSystem> classic() {
    return CLASSIC;
  }
}
