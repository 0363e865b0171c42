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
import dev.assay.plan.Plan;
import java.util.List;

/**
 * Two fixed patterns whose product reaches everything before a token, one local and one with
 * strides: Child, Gray, Radford and Sutskever, "Generating long sequences with sparse transformers"
 * (2019). Always causal.
 *
 * <p>Cost: O(n (l + n / l) (d + d_v)) time for each head with stride l; n sqrt(n) at l = sqrt(n).
 */
public record SparseTransformer(
    @Setting(value = "Which pair of patterns.", by = "STRIDED") Pattern pattern,
    @Setting(value = "How the two patterns meet.", by = "MERGED") Combination combination,
    @Setting(value = "The sets of the paper, or those of published code.", by = "PAPER")
        Reading reading,
    @Setting(value = "l: stride, and length of a stretch of FIXED; at least 1.", by = "8")
        int stride,
    @Setting(value = "c: summary columns at the end of each stretch; FIXED only.", by = "1")
        int columns,
    @Setting(
            value = "Heads take turns through so many groups of c columns, the last first; FIXED.",
            by = "1")
        int variants,
    @Setting(
            value = "Token 0 is met by all and meets all, later ones too; the pattern follows it.",
            by = "false")
        boolean clsToken,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The two published pairs of patterns. */
  public enum Pattern {
    /** The last l keys, and every l-th key before the query. */
    STRIDED,
    /** The query's own stretch of l, and the last c keys of every stretch. */
    FIXED
  }

  /** How the first (local) and second (far) pattern meet. */
  public enum Combination {
    /** One softmax over the union: a key in both counts once. */
    MERGED,
    /** Even heads take the first, odd heads the second. */
    HEADS,
    /** The first alone: a layer of an alternating stack. */
    FIRST,
    /** The second alone: the next layer of that stack. */
    SECOND
  }

  /** Where published code has other sets. */
  public enum Reading {
    /** Precise: STRIDED looks back l keys besides its own; FIXED has c columns. */
    PAPER,
    /** The released demonstration: STRIDED has l keys, its own included. */
    OPENAI,
    /** Long Range Arena: as OPENAI, and FIXED meets the first key of each stretch too. */
    LRA
  }

  /** Checks the sizes. */
  public SparseTransformer {
    Require.positive(stride, "stride");
    Require.positive(columns, "columns");
    Require.positive(variants, "variants");
    Require.argument(
        pattern != Pattern.FIXED || (long) columns * variants <= stride,
        "%d variants of %d columns do not fit in a stride of %d: their product is at most the"
            + " stride",
        variants,
        columns,
        stride);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return SparseTransformerCard.CARD;
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
    KeepMask.Rule rule = (b, h, i, j) -> meets(h, (long) i + problem.offset(b), j);
    return softmax.attend(problem, operands, new Pairs(rule, plan(problem)));
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(!clsToken).givenScale(scale).build();
  }

  /** Whether a query of head h at position p meets key j. */
  private boolean meets(int h, long p, int j) {
    if (p < 0) {
      return false;
    }
    if (clsToken && (p == 0 || j == 0)) {
      return true;
    }
    long at = p - first();
    int key = j - first();
    return key <= at && ((takesLocal(h) && local(at, key)) || (takesFar(h) && far(h, at, key)));
  }

  /** The position at which the pattern begins. */
  private int first() {
    return clsToken ? 1 : 0;
  }

  private boolean takesLocal(int h) {
    return combination == Combination.HEADS ? h % 2 == 0 : combination != Combination.SECOND;
  }

  private boolean takesFar(int h) {
    return combination == Combination.HEADS ? h % 2 == 1 : combination != Combination.FIRST;
  }

  private boolean local(long at, int key) {
    return pattern == Pattern.STRIDED ? at - key <= back() : at / stride == key / stride;
  }

  private boolean far(int h, long at, int key) {
    if (pattern == Pattern.STRIDED) {
      return (at - key) % stride == 0;
    }
    int column = key % stride;
    int end = columnsEnd(h);
    return (column >= end - columns && column < end) || (reading == Reading.LRA && column == 0);
  }

  /** How far a strided local pattern looks back. */
  private int back() {
    return reading == Reading.PAPER ? stride : stride - 1;
  }

  /** Column behind the last summary column of a head. */
  private int columnsEnd(int h) {
    int turn = combination == Combination.HEADS ? h / 2 : h;
    return stride - turn % variants * columns;
  }

  private Plan plan(AttentionProblem problem) {
    boolean byHead = combination == Combination.HEADS || (pattern == Pattern.FIXED && variants > 1);
    KeyRows rows =
        KeyRows.of(
            problem,
            !KeyRows.sameOffsets(problem),
            byHead,
            (b, h, i, row) -> list(h, (long) i + problem.offset(b), row));
    return pattern == Pattern.STRIDED ? rows.gather() : rows.blocks(Math.clamp(stride, 16, 64));
  }

  private void list(int h, long p, KeyRows.Row row) {
    if (p < 0) {
      return;
    }
    int begin = first();
    if (clsToken) {
      row.span(0, p == 0 ? row.keys() : 1);
    }
    if (p < begin) {
      return;
    }
    long at = p - begin;
    if (takesLocal(h)) {
      long from = pattern == Pattern.STRIDED ? at - back() : at - at % stride;
      row.span(begin + Math.max(from, 0), p + 1);
    }
    if (takesFar(h) && pattern == Pattern.STRIDED) {
      row.steps(begin + at % stride, p + 1, stride);
    }
    if (takesFar(h) && pattern == Pattern.FIXED) {
      for (long stretch = begin; stretch <= p; stretch += stride) {
        long end = stretch + columnsEnd(h);
        row.span(end - columns, Math.min(end, p + 1));
        if (reading == Reading.LRA) {
          row.add(stretch);
        }
      }
    }
  }

  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public String leak() {
    return clsToken ? "the class token in front sees the whole sequence" : "";
  }

  @Override
  public List<Case> cases() {
    return SparseTransformerCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    return (b, h, i, j) -> {
      long p = (long) i + problem.offset(b);
      if (!KeepMask.exists(problem, b, h, i, j) || !meets(h, p, j)) {
        return NOT_ATTENDED;
      }
      if (clsToken && (p == 0 || j == 0)) {
        return "class token";
      }
      int key = j - first();
      if (takesLocal(h) && local(p - first(), key)) {
        return "local: " + (p - j) + " before";
      }
      return pattern == Pattern.STRIDED
          ? "stride: " + (p - j) / stride + " strides before"
          : "summary: column " + key % stride + " of stretch " + key / stride;
    };
  }
}
