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
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import java.util.List;

/**
 * Every head sees the blocks near a token and, of those further away, every s-th one; heads take
 * different ones, so that together they cover the whole context: Lin et al., "S2-Attention:
 * hardware-aware context sharding among attention heads" (2024).
 *
 * <p>Cost: O(n (l + n / s) (d + d_v)) time for each head, with l tokens of local blocks.
 */
public record S2Attention(
    @Setting(value = "Tokens in a block, the last ragged; at least 1.", by = "4") int block,
    @Setting(value = "Blocks up to the query's own that all heads see; at least 1.", by = "2")
        int localBlocks,
    @Setting(value = "Blocks from the query's own on that all see; no part if causal.", by = "1")
        int rightBlocks,
    @Setting(value = "s: of the others a head sees one in so many; at least 1.", by = "4")
        int stride,
    @Setting(value = "Added to the place of every head in the stride.", by = "0") int offset,
    @Setting(value = "All heads see the blocks of head 0.", by = "false") boolean sameForAllHeads,
    @Setting(value = "So many of the last key heads see everything.", by = "0") int denseHeads,
    @Setting(value = "What the places of the heads are spread over.", by = "KEY_HEADS")
        Spread spread,
    @Setting(value = "Whether strides count from the start or from the query.", by = "AUTO")
        Places places,
    @Setting(value = "Excludes keys after the query's position.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The step from a head's place in the stride to the next one's. */
  public enum Spread {
    /** Precise, as the newer code: stride / H_kv, at least 1, since patterns go by key head. */
    KEY_HEADS,
    /** Literal, as the older code: stride / H, at least 1. With shared keys it covers less. */
    QUERY_HEADS
  }

  /** From where strides count. */
  public enum Places {
    /** ABSOLUTE if causal, RELATIVE otherwise. */
    AUTO,
    /** From block 0: a block that a head has left behind is never needed again. */
    ABSOLUTE,
    /** From the query's block: all heads that are not dense see the same. */
    RELATIVE
  }

  /** Checks the sizes. */
  public S2Attention {
    Require.positive(block, "block");
    Require.positive(localBlocks, "localBlocks");
    Require.positive(rightBlocks, "rightBlocks");
    Require.positive(stride, "stride");
    Require.notNegative(offset, "offset");
    Require.notNegative(denseHeads, "denseHeads");
    Require.argument(
        denseHeads == 0 || !sameForAllHeads,
        "denseHeads is %d, but all heads are alike: set sameForAllHeads=false",
        denseHeads);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return new Card(
        "S2-Attention",
        "Heads share a local window and divide the far context among them.",
        "out_i = sum over j of softmax_j(scale q_i . k_j) v_j over blocks J of j and I of i with"
            + " I - J < l, or (J + h step + offset) mod s = 0; J <= I",
        "Lin et al., S2-Attention: hardware-aware context sharding among attention heads, 2024",
        "O(n (l b + n / s) d) time: the far part stays quadratic, by 1/s",
        Card.Reach.HYBRID,
        Card.Choice.FIXED,
        Card.Timing.STATIC,
        Card.Granularity.BLOCK,
        List.of(
            "spread: patterns belong to key heads, and query heads share that of their group. The"
                + " newer code spreads the key heads over the stride (KEY_HEADS); the older one"
                + " divided it by the number of query heads, so that a group of heads covers a part"
                + " of the context only (QUERY_HEADS).",
            "places: causal strides count from block 0, so that what a head has left behind can be"
                + " dropped from its cache. Without causality they count from the query's block, as"
                + " published, and then all heads but the dense ones are alike.",
            "The query's own block is always seen; localBlocks = 0 is refused, since rows of the"
                + " first block could be empty.",
            "Blocks are cut from position 0 of the keys; query i stands at i + offset, so that a"
                + " decoding query sees what it would in a prefill.",
            "Recorded example: the tensors of case 2373 (four heads on two key heads, n = 12, b = 1,"
                + " l = 1, s = 4). out[0, 2, 11, 0] is -0.4549061569 as KEY_HEADS and -0.4230385794"
                + " as QUERY_HEADS."));
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
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    KeepMask.Rule rule = (b, h, i, j) -> meets(problem, h, own(problem, b, i), (long) j / block);
    return softmax.attend(problem, operands, new Pairs(rule, plan(problem)));
  }

  private AttentionProblem problem(Inputs inputs) {
    AttentionProblem problem = Given.problem(inputs).causal(causal).givenScale(scale).build();
    Require.argument(
        denseHeads <= problem.kvHeads(),
        "denseHeads is %d, but there are %d key heads",
        denseHeads,
        problem.kvHeads());
    return problem;
  }

  /** The block of a query's position. */
  private long own(AttentionProblem problem, int b, int i) {
    return Math.floorDiv((long) i + problem.offset(b), block);
  }

  private boolean meets(AttentionProblem problem, int h, long own, long other) {
    return near(own, other)
        || dense(problem, h)
        || Math.floorMod(place(problem, h, own) + other, stride) == 0;
  }

  private boolean near(long own, long other) {
    return own - other < localBlocks && other - own < right();
  }

  private int right() {
    return causal ? 1 : rightBlocks;
  }

  private boolean dense(AttentionProblem problem, int h) {
    return problem.kvHead(h) >= problem.kvHeads() - denseHeads;
  }

  private boolean relative() {
    return places == Places.RELATIVE || (places == Places.AUTO && !causal);
  }

  /** What is added to a block's number before it is divided by the stride. */
  private long place(AttentionProblem problem, int h, long own) {
    if (relative()) {
      return offset - own;
    }
    int over = spread == Spread.KEY_HEADS ? problem.kvHeads() : problem.heads();
    long step = sameForAllHeads ? 0 : Math.max(1, stride / over);
    return problem.kvHead(h) * step + offset;
  }

  private BlockPlan plan(AttentionProblem problem) {
    boolean byHead = denseHeads > 0 || (!sameForAllHeads && !relative());
    return KeyRows.of(
            problem,
            !KeyRows.sameOffsets(problem),
            byHead,
            (b, h, i, row) -> list(problem, h, own(problem, b, i), row))
        .blocks(block);
  }

  private void list(AttentionProblem problem, int h, long own, KeyRows.Row row) {
    if (dense(problem, h)) {
      row.span(0, row.keys());
      return;
    }
    row.span((own - localBlocks + 1) * block, (own + right()) * block);
    long first = Math.floorMod(-place(problem, h, own), stride);
    for (long other = first; other * block < row.keys(); other += stride) {
      row.span(other * block, (other + 1) * block);
    }
  }

  @Override
  public List<Case> cases() {
    return S2AttentionCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      long own = own(problem, b, i);
      int other = j / block;
      if (!KeepMask.exists(problem, b, h, i, j) || !meets(problem, h, own, other)) {
        return NOT_ATTENDED;
      }
      if (near(own, other)) {
        return "local: block " + other;
      }
      return (dense(problem, h) ? "dense head: block " : "stride: block ") + other;
    };
  }
}
