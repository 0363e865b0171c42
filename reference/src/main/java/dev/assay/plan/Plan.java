package dev.assay.plan;

/**
 * Which keys a query is compared with, beyond what the {@link AttentionProblem} itself rules out:
 * all that an engine is ever asked to do.
 */
public sealed interface Plan
    permits DensePlan, BlockPlan, ChunkPlan, GatherPlan, FeaturePlan, RecurrentPlan, MergePlan {
  /** What tables and messages call it: dense, block, chunk, gather, feature, recurrent or merge. */
  String kind();
}
