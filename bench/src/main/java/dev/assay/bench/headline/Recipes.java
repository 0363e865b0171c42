package dev.assay.bench.headline;

import dev.assay.autograd.Tape;
import dev.assay.bench.Work;
import dev.assay.check.Require;
import dev.assay.engine.ListeningEngine;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attentions that the goals speak of. */
final class Recipes {
  /** Tokens in a block. */
  static final int BLOCK = 64;

  static final Recipe DENSE = Work.DENSE::on;
  static final Recipe CAUSAL = Work.CAUSAL::on;

  /** The last four blocks up to the query's and the first. */
  static final Recipe BAND = Work.BAND::on;

  /** The same, and causal within the blocks of the diagonal. */
  static final Recipe CAUSAL_BAND =
      plain -> new Branch(CAUSAL.on(plain).problem(), BAND.on(plain).plan());

  private Recipes() {}

  /** So many blocks a row, or all if there are fewer, drawn for each row and head. */
  static Recipe randomBlocks(int perRow) {
    return plain -> {
      int blocks = Math.ceilDiv(plain.keys(), BLOCK);
      return blocks(plain, RandomBlocks.of(plain.heads(), blocks, Math.min(perRow, blocks)));
    };
  }

  /** So large a share of all blocks, drawn for each row and head. */
  static Recipe share(double share) {
    return plain -> {
      int blocks = Math.ceilDiv(plain.keys(), BLOCK);
      int perRow = Math.clamp(Math.round(share * blocks), 1, blocks);
      return blocks(plain, RandomBlocks.of(plain.heads(), blocks, perRow));
    };
  }

  /**
   * One query against every so many-th block of keys, each head another one: together the turns
   * read every key, so that what one leaves in the caches does not serve the next.
   */
  static Recipe everyBlock(int stride, int turn) {
    return plain -> {
      int blocks = Math.ceilDiv(plain.keys(), BLOCK);
      List<BlockRows> maps = new ArrayList<>();
      for (int h = 0; h < plain.heads(); h++) {
        int first = (turn + h) % stride;
        int count = Math.ceilDiv(blocks - first, stride);
        int[] listed = new int[count];
        for (int e = 0; e < count; e++) {
          listed[e] = first + e * stride;
        }
        maps.add(BlockRows.of(new int[] {0, count}, listed));
      }
      return blocks(plain, maps);
    };
  }

  private static Branch blocks(AttentionProblem plain, List<BlockRows> maps) {
    int[] queries =
        plain.queries() == 1 ? new int[] {0, 1} : BlockMask.uniformBounds(plain.queries(), BLOCK);
    int[] keys = BlockMask.uniformBounds(plain.keys(), BLOCK);
    return new Branch(plain, new BlockPlan(new BlockMask(queries, keys, maps)));
  }

  /** What hierarchical chunking makes of its settings: the plan that it gives an engine. */
  static Recipe chunking(Map<String, String> settings) {
    Mechanism mechanism = Settings.make(HierarchicalChunking.class, settings);
    return plain -> plan(mechanism, plain, Map.of());
  }

  /** What head gating gives an engine when every second head is active. */
  static Recipe headGate() {
    Mechanism mechanism = Settings.defaults(HeadGate.class);
    return plain -> {
      int heads = plain.heads();
      Tensor active = Tensor.generate(Shape.of(1, heads, 1), h -> (h + 1) % 2);
      Tensor weights = Tensor.zeros(Shape.of(heads, 2));
      return plan(mechanism, plain, Map.of("active", active, "w_gate", weights));
    };
  }

  /**
   * The plans of these two do not depend on the numbers, so one channel of zeros is enough to ask
   * for them; a tape would carry all of them in fp64.
   */
  private static Branch plan(
      Mechanism mechanism, AttentionProblem plain, Map<String, Tensor> more) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(more);
    Tensor queries = Tensor.zeros(Shape.of(1, plain.heads(), plain.queries(), 1));
    Tensor keys = Tensor.zeros(Shape.of(1, plain.kvHeads(), plain.keys(), 1));
    tensors.put("q", queries);
    tensors.put("k", keys);
    tensors.put("v", keys);
    Tape tape = new Tape();
    ListeningEngine listener = new ListeningEngine(Storage.F32);
    mechanism.lower(tape, Inputs.on(tape, mechanism, tensors), listener);
    Require.state(
        listener.asked().size() == 1, "%s asked for more than one attention", mechanism.id());
    Branch caught = listener.asked().getFirst();
    AttentionProblem problem =
        caught.problem().with(plain.q(), plain.k(), plain.v(), null).scale(plain.scale()).build();
    return new Branch(problem, caught.plan());
  }
}
