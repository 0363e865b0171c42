package dev.assay.mechanism.fixed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Rotary.Layout;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The sequence is cut into blocks; a query meets its own block and some before and after it, whole:
 * Parmar et al., "Image Transformer" (2018); Roy et al., "Efficient content-based sparse attention
 * with routing transformers" (2021), for the form with one block before.
 *
 * <p>Cost: O(n w (1 + before + after) (d + d_v)) time for each head, with blocks of w.
 */
public record BlockLocal(
    @Setting(value = "w: tokens in a block, the last ragged; at least 1.", by = "4") int block,
    @Setting(value = "Blocks before the query's own; at least 0.", by = "1") int before,
    @Setting(value = "Blocks after the query's own; no part if causal.", by = "1") int after,
    @Setting(
            value = "Keys are at most so many blocks' tokens away too: a sliding window.",
            by = "false")
        boolean exactWindow,
    @Setting(
            value = "The first block meets the last ones as if they were before it, and so on.",
            by = "false")
        boolean circular,
    @Setting(value = "Rotary positions, channels c and c + d/2 together.", by = "NONE") Rope rope,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** Where tokens stand for rotary positions. */
  public enum Rope {
    /** None. */
    NONE,
    /** At their positions. */
    PLAIN,
    /**
     * As published: a query stands at the end of all the blocks it meets, which puts it {@code
     * after * block} behind its own key.
     */
    END_OF_CONTEXT
  }

  /** Checks the sizes. */
  public BlockLocal {
    Require.positive(block, "block");
    Require.notNegative(before, "before");
    Require.notNegative(after, "after");
    Require.argument(
        !circular || (!exactWindow && rope == Rope.NONE),
        "circular has no place for exactWindow and rope: distances have no sense across the ends");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return new Card(
        "Block-local attention",
        "A token sees its own block of tokens and the blocks next to it.",
        "out_i = sum over j with floor(i/w) - before <= floor(j/w) <= floor(i/w) + after of"
            + " softmax_j(scale q_i . k_j) v_j; causal j <= i",
        "Parmar et al., Image Transformer, 2018; Roy et al., Efficient content-based sparse"
            + " attention with routing transformers, 2021",
        "O(n w (1 + before + after) d) time, O(n w (1 + before + after)) memory for the weights",
        Card.Reach.LOCAL,
        Card.Choice.FIXED,
        Card.Timing.STATIC,
        Card.Granularity.CHUNK,
        List.of(
            "With one block before, a causal query sees w + 1 to 2 w keys, by its place in the"
                + " block. exactWindow cuts that to before * w keys back and its own, as"
                + " local-attention's exact_windowsize does where it is causal; there it changes"
                + " nothing otherwise, here it cuts after * w keys ahead as well.",
            "before = after = 0 is block-diagonal, as in Long Range Arena's local attention.",
            "circular: Reformer's local attention in Hugging Face looks back from the first block"
                + " to the last one unless it is causal. Here a block that is so met twice counts"
                + " once.",
            "rope: local-attention turns queries as if they stood at the end of the blocks that"
                + " they see (END_OF_CONTEXT). Without blocks after it that is the same as PLAIN.",
            "Blocks are cut from position 0 of the keys; query i stands at i + offset.",
            "Recorded example: the tensors of case 2303 (n = 7, w = 2, d = 4)."
                + " out[0, 0, 2, 0] is 0.1110369904 as PLAIN and 0.1607383197 as END_OF_CONTEXT."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.BIAS, Given.MASK, Given.Q_LENS, Given.K_LENS, Given.OFFSET);
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
    Operands operands =
        new Operands(
            turned(inputs.var("q"), (b, i) -> i + problem.offset(b) + ahead()),
            turned(inputs.var("k"), (b, j) -> j),
            inputs.var("v"),
            inputs.find("bias"));
    KeepMask.Rule rule = (b, h, i, j) -> meets(problem, (long) i + problem.offset(b), j);
    return softmax.attend(problem, operands, new Pairs(rule, plan(problem)));
  }

  private AttentionProblem problem(Inputs inputs) {
    ProblemBuilder builder =
        Given.problem(inputs, inputs.var("q"), inputs.var("k"), inputs.var("v")).causal(causal);
    if (scale != 0) {
      builder.scale(scale);
    }
    if (exactWindow) {
      builder.window(new Window(tokens(before), tokens(blocksAfter())));
    }
    AttentionProblem problem = builder.build();
    Require.argument(
        !circular || plain(problem),
        "circular needs as many queries as keys, each at its own position: there are %d and %d",
        problem.queries(),
        problem.keys());
    return problem;
  }

  private int tokens(int blocks) {
    return (int) Math.min((long) blocks * block, Integer.MAX_VALUE);
  }

  private int blocksAfter() {
    return causal ? 0 : after;
  }

  private int ahead() {
    return rope == Rope.END_OF_CONTEXT ? tokens(blocksAfter()) : 0;
  }

  private Var turned(Var x, RotaryAngles.Position position) {
    if (rope == Rope.NONE) {
      return x;
    }
    int depth = x.shape().extent(3);
    Require.argument(depth % 2 == 0, "rope turns pairs of channels, but d is %d", depth);
    return new RotaryAngles(Layout.HALF, 10000, depth, null, null).turn(x, position);
  }

  private boolean meets(AttentionProblem problem, long p, int j) {
    long away = j / block - Math.floorDiv(p, block);
    if (!circular) {
      return -before <= away && away <= blocksAfter();
    }
    int blocks = Math.ceilDiv(problem.keys(), block);
    return Math.floorMod(away, blocks) <= blocksAfter() || Math.floorMod(-away, blocks) <= before;
  }

  /** Whether query i is key i for all batch entries. */
  private static boolean plain(AttentionProblem problem) {
    boolean plain = problem.queries() == problem.keys();
    for (int b = 0; b < problem.batches(); b++) {
      plain &= problem.offset(b) == 0;
    }
    return plain;
  }

  private Plan plan(AttentionProblem problem) {
    if (plain(problem)) {
      return new ChunkPlan(block, true, List.of(neighbours(problem.keys())));
    }
    return KeyRows.of(
            problem,
            !KeyRows.sameOffsets(problem),
            false,
            (b, h, i, row) -> {
              long own = Math.floorDiv((long) i + problem.offset(b), block);
              row.span((own - before) * block, (own + blocksAfter() + 1) * block);
            })
        .blocks(Math.clamp(block, 16, 64));
  }

  private List<int[]> neighbours(int tokens) {
    int blocks = Math.ceilDiv(tokens, block);
    List<int[]> neighbours = new ArrayList<>();
    for (int own = 0; own < blocks; own++) {
      TreeSet<Integer> met = new TreeSet<>();
      for (int step = 1; step <= Math.min(before, blocks); step++) {
        add(met, own - step, blocks);
      }
      for (int step = 1; step <= Math.min(blocksAfter(), blocks); step++) {
        add(met, own + step, blocks);
      }
      met.remove(own);
      neighbours.add(met.stream().mapToInt(Integer::intValue).toArray());
    }
    return neighbours;
  }

  private void add(TreeSet<Integer> met, int other, int blocks) {
    if (circular) {
      met.add(Math.floorMod(other, blocks));
    } else if (other >= 0 && other < blocks) {
      met.add(other);
    }
  }

  @Override
  public List<Case> cases() {
    return BlockLocalCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      long p = (long) i + problem.offset(b);
      if (!KeepMask.exists(problem, b, h, i, j) || !meets(problem, p, j)) {
        return NOT_ATTENDED;
      }
      long away = j / block - Math.floorDiv(p, block);
      if (away == 0) {
        return "own block: " + j / block;
      }
      boolean around = away < -before || away > blocksAfter();
      return around ? "around the end: block " + j / block : "neighbour: %+d".formatted(away);
    };
  }
}
