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
import dev.assay.mechanism.LinearBiases;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.op.Rotary.Layout;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention of every query to every key: Vaswani et al., "Attention is all you
 * need" (2017), with what a decoder needs around it: causal and cross attention, lengths, masks,
 * grouped heads, softcap, rotary positions, linear biases, past keys, packed sequences, pages,
 * given dropout.
 *
 * <p>Cost: O(n_q n_k (d + d_v)) time for each head.
 */
public record Dense(
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale,
    @Setting(
            value = "Caps logits at c as c tanh(s / c), before bias and masks; 0 for none.",
            by = "0")
        double softcap,
    @Setting(value = "Rotary positions of queries and keys, by pairing of channels.", by = "NONE")
        Rope rope,
    @Setting(value = "Base of the rotary frequencies.", by = "10000") double theta,
    @Setting(value = "Channels that rotary positions turn, even; 0 for all.", by = "0")
        int rotaryDim,
    @Setting(value = "Rate that the given dropout_keep was drawn with, in [0, 1).", by = "0")
        double dropoutRate,
    @Setting(value = "Linear biases (ALiBi): how a logit falls with distance.", by = "NONE")
        Alibi alibi)
    implements Mechanism {
  /** Checks the settings. */
  public Dense {
    Ranges.scale(scale);
    Ranges.softcap(softcap);
    Ranges.rotary(theta, rotaryDim);
    Ranges.dropoutRate(dropoutRate);
  }

  /** Rotary positions: key j stands at j, query i at i + offset. */
  public enum Rope {
    /** None. */
    NONE,
    /** Channels 2c and 2c + 1 turn together. */
    INTERLEAVED,
    /** Channels c and c + r/2 turn together. */
    HALF
  }

  /** Linear biases, added behind the softcap; slopes are those of {@link LinearBiases#slopes}. */
  public enum Alibi {
    /** None. */
    NONE,
    /** Precise: -slope times the distance of the positions, in both directions. */
    DISTANCE,
    /**
     * Literal in many codes: +slope times the key's position. What a query sees before itself has
     * the weights of DISTANCE, but the LSE differs; what lies behind it is preferred.
     */
    KEY_POSITION
  }

  @Override
  public Card card() {
    return new Card(
        "Dense attention",
        "Every query is compared with every key.",
        "out_i = sum_j softmax_j(scale q_i . k_j + bias_ij) v_j",
        "Vaswani et al., Attention is all you need, 2017; positions: Su et al., RoFormer, 2021;"
            + " Press, Smith and Lewis, Train short, test long, 2021",
        "O(n^2 d) time, O(n^2) memory for the weights unless they are streamed",
        Card.Reach.GLOBAL,
        Card.Choice.FIXED,
        Card.Timing.STATIC,
        Card.Granularity.TOKEN,
        List.of(
            "Causal with n_q != n_k is aligned at the bottom right: key j is allowed for query i"
                + " iff j <= i + offset, with offset = k_lens - q_lens unless given.",
            "past_k is as a cache holds it: rotated already. New keys stand behind it.",
            "alibi: DISTANCE (precise) takes slope_h |i - j| off a logit, i and j positions."
                + " KEY_POSITION (literal) adds slope_h j, as codes for causal models do: the"
                + " same weights there, another LSE. Slopes of H heads that are no power of two"
                + " follow the authors' code.",
            "Recorded example: the tensors of case 2401. lse[0, 0, 5] is 1.7208189328 with DISTANCE"
                + " and 2.0333189328 with KEY_POSITION; out is the same."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET,
        new TensorSpec(
            "past_k", "[B, H_kv, n_p, d]", Kind.INPUT, false, "Keys that stand before k."),
        new TensorSpec(
            "past_v", "[B, H_kv, n_p, d_v]", Kind.INPUT, false, "Values that stand before v."),
        Given.choice(
            "cu_seqlens_q", "[S + 1]", "Cumulative query lengths of packed sequences; B is 1."),
        Given.choice("cu_seqlens_k", "[S + 1]", "Cumulative key lengths, as cu_seqlens_q."),
        Given.choice(
            "page_table",
            "[B, pages]",
            "Physical page of each logical page; k and v are then pools [P, H_kv, page, d]."),
        Given.choice("dropout_keep", "[B|1, H|1, n_q|1, n_k|1]", "1 keeps a weight, 0 drops it."),
        Given.choice("cos", "[positions, r/2]", "Rotary cosines by position, instead of theta."),
        Given.choice("sin", "[positions, r/2]", "Rotary sines, as cos."));
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    Attention attention = attention(inputs, true);
    return Softmax.byOps(attention.problem(), attention.operands(), Pairs.ALL);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    // Keys are turned by their logical position, which a shared page does not have.
    Attention attention = attention(inputs, rope != Rope.NONE);
    return Softmax.on(engine).attend(attention.problem(), attention.operands(), Pairs.ALL);
  }

  private record Attention(AttentionProblem problem, Operands operands) {}

  /** The softmax problem behind pages, rotary positions and past keys. */
  private Attention attention(Inputs inputs, boolean contiguous) {
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    Var v = inputs.var("v");
    Paging paging = Given.paging(inputs);
    if (paging != null && contiguous) {
      problem(inputs, q, k, v, paging).build();
      k = Pages.contiguous(k, paging);
      v = Pages.contiguous(v, paging);
      paging = null;
    }
    RotaryAngles angles = angles(inputs, q);
    int past = inputs.has("past_k") ? inputs.var("past_k").shape().extent(-2) : 0;
    if (angles != null) {
      k = angles.turn(k, RotaryPositions.ofKeys(Given.ragged(inputs), past));
    }
    k = behindPast(inputs, "past_k", k);
    v = behindPast(inputs, "past_v", v);
    AttentionProblem problem = problem(inputs, q, k, v, paging).build();
    if (angles != null) {
      q = angles.turn(q, RotaryPositions.ofQueries(problem));
      RotaryPositions.requireRows(angles, problem, past);
    }
    return withAlibi(problem, new Operands(q, k, v, inputs.find("bias")));
  }

  private Attention withAlibi(AttentionProblem problem, Operands operands) {
    if (alibi == Alibi.NONE) {
      return new Attention(problem, operands);
    }
    RotaryAngles.Position ofQuery = RotaryPositions.ofQueries(problem);
    RotaryAngles.Position ofKey = RotaryPositions.ofKeys(problem.ragged(), 0);
    LinearBiases.Distance distance =
        alibi == Alibi.DISTANCE
            ? (b, i, j) -> Math.abs(ofQuery.of(b, i) - ofKey.of(b, j))
            : (b, i, j) -> -ofKey.of(b, j);
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    Var linear = Ops.constant(operands.q().tape(), LinearBiases.bias(pairs, distance));
    Var given = operands.bias();
    Var bias = given == null ? linear : Ops.add(linear, given);
    return new Attention(
        problem.with(problem.q(), problem.k(), problem.v(), bias.value()).build(),
        new Operands(operands.q(), operands.k(), operands.v(), bias));
  }

  private ProblemBuilder problem(Inputs inputs, Var q, Var k, Var v, @Nullable Paging paging) {
    return Given.problem(inputs, q, k, v)
        .causal(causal)
        .softcap(softcap)
        .dropout(inputs.value("dropout_keep"), dropoutRate)
        .paging(paging)
        .givenScale(scale);
  }

  private static Var behindPast(Inputs inputs, String name, Var added) {
    Require.argument(
        inputs.has("past_k") == inputs.has("past_v"),
        "past_k and past_v belong together: give both or none");
    Require.argument(
        !inputs.has(name) || !(inputs.has("page_table") || inputs.has("cu_seqlens_k")),
        "%s was given with pages or packed sequences: those bring their past themselves",
        name);
    return inputs.has(name) ? Ops.concat(2, inputs.var(name), added) : added;
  }

  private @Nullable RotaryAngles angles(Inputs inputs, Var q) {
    if (rope == Rope.NONE) {
      Require.argument(
          !inputs.has("cos") && !inputs.has("sin"),
          "cos or sin was given, but rope is NONE: set it to INTERLEAVED or HALF");
      return null;
    }
    Layout layout = rope == Rope.HALF ? Layout.HALF : Layout.INTERLEAVED;
    int dim = rotaryDim == 0 ? q.shape().extent(-1) : rotaryDim;
    return new RotaryAngles(layout, theta, dim, inputs.value("cos"), inputs.value("sin"));
  }

  @Override
  public List<Case> cases() {
    return DenseCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = attention(inputs, true).problem();
    String all = causal ? "causal prefix" : "every key";
    return (b, h, i, j) -> KeepMask.exists(problem, b, h, i, j) ? all : NOT_ATTENDED;
  }
}
