package dev.assay.mechanism.fixed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.pattern.Pattern;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.PlanRules;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * A query meets the keys of the blocks that are listed for its own block, given for all heads or
 * for each: Child et al., "Generating long sequences with sparse transformers" (2019), with the
 * block lists of Gray, Radford and Kingma, "GPU kernels for block-sparse weights" (2017).
 *
 * <p>Cost: O(listed blocks * blockQ * blockK * (d + d_v)) time.
 */
public record BlockSparse(
    @Setting(value = "Queries in a block where q_bounds is not given; at least 1.", by = "16")
        int blockQ,
    @Setting(value = "Keys in a block where k_bounds is not given; at least 1.", by = "16")
        int blockK,
    @Setting(
            value = "Excludes keys after the query's position, within listed blocks.",
            by = "false")
        boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {
  /** Checks the sizes. */
  public BlockSparse {
    Require.positive(blockQ, "blockQ");
    Require.positive(blockK, "blockK");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return new Card(
        "Block-sparse attention",
        "A given list says which blocks of keys each block of queries meets.",
        "out_i = sum over j in the blocks listed for the block of i of"
            + " softmax_j(scale q_i . k_j) v_j",
        "Child et al., Generating long sequences with sparse transformers, 2019;"
            + " Gray, Radford and Kingma, GPU kernels for block-sparse weights, 2017",
        "O(z b^2 d) time for z listed blocks of b queries and b keys, O(z + n d) memory",
        Card.Reach.HYBRID,
        Card.Choice.FIXED,
        Card.Timing.STATIC,
        Card.Granularity.BLOCK,
        List.of(
            "A listed block still obeys lengths, masks and the causal frontier, token by token.",
            "A row without a listed block is empty: output 0, log-sum-exp -inf, gradient 0."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "q_bounds", "[NQ + 1]", "First query of each of the NQ blocks, and n_q; ascending."),
        Given.choice(
            "k_bounds", "[NK + 1]", "First key of each of the NK blocks, and n_k; ascending."),
        Given.choice(
            "row_ptr",
            "[NQ + 1], [H|1, NQ + 1] or [B|1, H|1, NQ + 1]",
            "Start of each query block's list in col_idx."),
        Given.choice(
            "col_idx",
            "[z], [H|1, z] or [B|1, H|1, z]",
            "Listed key blocks, ascending in each list; behind the last list -1; z is the most"
                + " that a head lists."),
        Given.choice(
            "block_mask",
            "[NQ, NK], [H|1, NQ, NK] or [B|1, H|1, NQ, NK]",
            "1 where a block is listed; instead of row_ptr and col_idx."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return attend(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return attend(inputs, Softmax.on(engine));
  }

  private Answer attend(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    BlockPlan plan = plan(inputs, problem);
    Pairs pairs = new Pairs(listed(plan.mask(), problem), plan);
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    return softmax.attend(problem, operands, pairs);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  private BlockPlan plan(Inputs inputs, AttentionProblem problem) {
    BlockPlan plan = new BlockPlan(BlockLists.read(inputs, problem, blockQ, blockK));
    PlanRules.check(problem, plan);
    return plan;
  }

  /** Looks a pair's block up in tables, not in the lists that engines walk. */
  private static KeepMask.Rule listed(BlockMask mask, AttentionProblem problem) {
    int heads = problem.heads();
    boolean[][][] tables = new boolean[mask.maps()][mask.queryBlocks()][mask.keyBlocks()];
    for (int map = 0; map < tables.length; map++) {
      BlockRows rows = mask.rows(map / heads, map % heads, heads);
      for (int block = 0; block < mask.queryBlocks(); block++) {
        for (int e = rows.rowPtr()[block]; e < rows.rowPtr()[block + 1]; e++) {
          tables[map][block][rows.colIdx()[e]] = true;
        }
      }
    }
    int[] blockOfQuery = blocks(problem.queries(), mask.queryBlocks(), mask::queryBound);
    int[] blockOfKey = blocks(problem.keys(), mask.keyBlocks(), mask::keyBound);
    return (b, h, i, j) -> {
      int map = tables.length == 1 ? 0 : tables.length == heads ? h : b * heads + h;
      return tables[map][blockOfQuery[i]][blockOfKey[j]];
    };
  }

  private static int[] blocks(int tokens, int blocks, IntUnaryOperator bound) {
    int[] blockOf = new int[tokens];
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(blockOf, bound.applyAsInt(block), bound.applyAsInt(block + 1), block);
    }
    return blockOf;
  }

  @Override
  public List<Case> cases() {
    return BlockSparseCases.all();
  }

  /** For each head: the blocks beside the diagonal, those of the first tokens, and some others. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    int rows = Math.ceilDiv(example.tokens(), blockQ);
    int columns = Math.ceilDiv(example.tokens(), blockK);
    Shape shape = Shape.of(example.heads(), rows, columns);
    SequencedMap<String, Tensor> tensors = example.qkv();
    tensors.put(
        "block_mask",
        KeepMask.where(
            shape,
            x -> {
              Pattern drawn = new Pattern.Random(example.seed() + x[0], 0.08);
              Pattern pattern =
                  new Pattern.Union(
                      List.of(new Pattern.Window(1, 1), new Pattern.Global(Set.of(0)), drawn));
              return pattern.contains(x[1], x[2], rows, columns);
            }));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    BlockMask mask = plan(inputs, problem).mask();
    return (b, h, i, j) ->
        KeepMask.exists(problem, b, h, i, j) && mask.contains(b, h, problem.heads(), i, j)
            ? "listed block: (" + mask.queryBlock(i) + ", " + mask.keyBlock(j) + ")"
            : NOT_ATTENDED;
  }
}
