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
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A window around each token, and a few global tokens that all see and that see all: Beltagy,
 * Peters and Cohan, "Longformer: the long-document transformer" (2020).
 *
 * <p>A row that is not global has one softmax over the global keys and the keys of its window, each
 * once, with q, k and v. The row of a global token has one over all keys, with queries, keys and
 * values of projections of its own.
 *
 * <p>Cost: O(n (2 a + 1 + g) (d + d_v)) time for each head, with a keys on each side and g global
 * tokens.
 */
public record Longformer(
    @Setting(value = "Width of the window, counted as the next setting says.", by = "4") int window,
    @Setting(value = "What window counts.", by = "TOTAL") Counting counting,
    @Setting(value = "Whether windows slide or are cut into blocks.", by = "SLIDING") Local local,
    @Setting(value = "Step between the keys of a window; at least 1.", by = "1") int dilation,
    @Setting(value = "So many of the last heads are dilated; -1 for all.", by = "-1")
        int dilatedHeads,
    @Setting(
            value = "Excludes keys after the query, global ones too, also for global queries.",
            by = "false")
        boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The three published ways to count a window. */
  public enum Counting {
    /** Precise, as the paper and Hugging Face: w/2 keys on each side, and the token's own. */
    TOTAL,
    /** The authors' code: w keys on each side, and the token's own. */
    ONE_SIDED,
    /** Long Range Arena: w keys with the token's own, w/2 (rounded down) of them after it. */
    LRA
  }

  /** The set of the window. */
  public enum Local {
    /** Around each token. */
    SLIDING,
    /** The authors' faster variant: the own and both adjacent blocks of one side's length. */
    NO_OVERLAP
  }

  /** Checks the sizes. */
  public Longformer {
    Require.notNegative(window, "window");
    Require.positive(dilation, "dilation");
    Require.argument(
        counting != Counting.TOTAL || window % 2 == 0,
        "window is %d: a TOTAL window has two equal sides, so it must be even",
        window);
    Require.argument(
        counting != Counting.LRA || window > 0,
        "window is 0: an LRA window counts the token's own key, so it is at least 1");
    Require.argument(
        dilatedHeads >= -1, "dilatedHeads is %d: it is at least 0, or -1 for all", dilatedHeads);
    Require.argument(
        local != Local.NO_OVERLAP || (dilation == 1 && right(window, counting) > 0),
        "NO_OVERLAP cuts blocks of one side's length: it needs dilation 1 and a side of at least 1");
    Ranges.scale(scale);
  }

  private static int right(int window, Counting counting) {
    return counting == Counting.ONE_SIDED ? window : window / 2;
  }

  /** Keys of the window after the token. */
  private int right() {
    return right(window, counting);
  }

  /** Keys of the window before the token. */
  private int left() {
    return counting == Counting.LRA ? window - right() - 1 : right();
  }

  @Override
  public Card card() {
    return LongformerCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "q_global",
            "[B, H, n, d]",
            Kind.INPUT,
            false,
            "Queries of global tokens; q, k and v serve if none of the three is given."),
        new TensorSpec(
            "k_global", "[B, H_kv, n, d]", Kind.INPUT, false, "Keys that global tokens see."),
        new TensorSpec(
            "v_global", "[B, H_kv, n, d_v]", Kind.INPUT, false, "Values that global tokens get."),
        Given.choice("global", "[B|1, n]", "1 for a global token; without it there are none."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
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
    AttentionProblem problem = problem(inputs, inputs.var("q"), inputs.var("k"), inputs.var("v"));
    GlobalTokens global = GlobalTokens.of(inputs, problem);
    Operands own =
        new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    Answer near = softmax.attend(problem, own, localPairs(problem, global));
    if (global.none()) {
      return near;
    }
    Operands far = globalOperands(inputs);
    AttentionProblem all = problem(inputs, far.q(), far.k(), far.v());
    KeepMask.Rule rule = (b, h, i, j) -> global.is(b, i);
    KeyRows rows =
        KeyRows.of(
            all,
            global.byBatch(),
            false,
            (b, h, i, row) -> row.span(0, global.is(b, i) ? row.keys() : 0));
    Answer whole = softmax.attend(all, far, new Pairs(rule, rows.blocks(blockSize())));
    return joined(near, whole, global);
  }

  /** Each row from the one of the two that has it; the other gave it 0. */
  private static Answer joined(Answer near, Answer whole, GlobalTokens global) {
    Var out = Ops.add(near.out(), whole.out());
    Var nearLse = near.lse();
    Var wholeLse = whole.lse();
    if (nearLse == null || wholeLse == null) {
      return Answer.of(out, null);
    }
    Shape rows = nearLse.shape();
    Var plain = Ops.select(nearLse, KeepMask.where(rows, x -> !global.is(x[0], x[2])));
    Var special = Ops.select(wholeLse, KeepMask.where(rows, x -> global.is(x[0], x[2])));
    return Answer.of(out, Ops.add(plain, special));
  }

  private static Operands globalOperands(Inputs inputs) {
    List<String> names = List.of("q_global", "k_global", "v_global");
    long given = names.stream().filter(inputs::has).count();
    Require.argument(
        given == 0 || given == 3,
        "%d of q_global, k_global and v_global were given: give all three or none",
        given);
    String suffix = given == 3 ? "_global" : "";
    return new Operands(
        inputs.var("q" + suffix),
        inputs.var("k" + suffix),
        inputs.var("v" + suffix),
        inputs.find("bias"));
  }

  private AttentionProblem problem(Inputs inputs, Var q, Var k, Var v) {
    return SelfAttention.of(Given.problem(inputs, q, k, v).causal(causal).givenScale(scale));
  }

  private Pairs localPairs(AttentionProblem problem, GlobalTokens global) {
    KeepMask.Rule rule =
        (b, h, i, j) ->
            !global.is(b, i) && (global.is(b, j) || near(step(h, problem.heads()), i, j));
    boolean byHead = dilation > 1 && dilatedHeads > 0 && dilatedHeads < problem.heads();
    KeyRows rows =
        KeyRows.of(
            problem,
            global.byBatch(),
            byHead,
            (b, h, i, row) -> list(global, b, i, step(h, problem.heads()), row));
    Plan plan = dilation > 1 ? rows.gather() : rows.blocks(blockSize());
    return new Pairs(rule, plan);
  }

  private int blockSize() {
    return Math.clamp(right(), 16, 64);
  }

  /** The dilation of a head. */
  private int step(int h, int heads) {
    return dilatedHeads == -1 || h >= heads - dilatedHeads ? dilation : 1;
  }

  private boolean near(int step, int i, int j) {
    if (local == Local.NO_OVERLAP) {
      return Math.abs(i / right() - j / right()) <= 1;
    }
    int distance = j - i;
    return distance % step == 0 && distance / step <= right() && -distance / step <= left();
  }

  private void list(GlobalTokens global, int b, int i, int step, KeyRows.Row row) {
    if (global.is(b, i)) {
      return;
    }
    global.of(b).forEach(row::add);
    if (local == Local.NO_OVERLAP) {
      int block = i / right();
      row.span((long) (block - 1) * right(), (long) (block + 2) * right());
    } else {
      row.steps(i - (long) left() * step, i + (long) right() * step + 1, step);
    }
  }

  @Override
  public List<Case> cases() {
    return LongformerCases.all();
  }

  /** The first token is global. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    Shape tokens = Shape.of(1, example.tokens());
    tensors.put("global", KeepMask.where(tokens, x -> x[1] == 0));
    for (String name : List.of("q", "k", "v")) {
      Shape shape = Objects.requireNonNull(tensors.get(name)).shape();
      tensors.put(name + "_global", example.draw(name + "_global", shape, -16));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs, inputs.var("q"), inputs.var("k"), inputs.var("v"));
    GlobalTokens global = GlobalTokens.of(inputs, problem);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      if (global.is(b, i)) {
        return "global query: " + i;
      }
      if (global.is(b, j)) {
        return "global key: " + j;
      }
      if (!near(step(h, problem.heads()), i, j)) {
        return NOT_ATTENDED;
      }
      return i == j
          ? "window: its own position"
          : "window: " + Math.abs(i - j) + (j < i ? " before" : " after");
    };
  }
}
