package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Padding;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * Keys and values are projected along the sequence to r rows before they are attended to: Wang et
 * al., "Linformer: self-attention with linear complexity" (2020).
 *
 * <p>Cost: O(n r (d + d_v)) time for each head, O(n r) memory for the weights, and 2 r n_max
 * parameters for each pair of projections.
 */
public record Linformer(
    @Setting(value = "Who has projections of its own.", by = "HEADWISE") Sharing sharing,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  private static final int EXAMPLE_ROWS = 8;

  /** Who has projections of its own. */
  public enum Sharing {
    /** Every head has its E and its F. */
    NONE,
    /** One E and one F for all heads. */
    HEADWISE,
    /**
     * One E for all heads, for keys and for values. A layer that shares it with others as well
     * gives all of them the same tensor.
     */
    KEY_VALUE,
    /**
     * The option share_kv of the package linformer: as KEY_VALUE, and the keys are the values too;
     * v is not read.
     */
    LUCIDRAINS_SHARE_KV;

    boolean hasF() {
      return this == NONE || this == HEADWISE;
    }
  }

  /** Checks the scale. */
  public Linformer {
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return new Card(
        "Linformer",
        "Learned projections along the sequence leave r keys and values to attend to.",
        "K' = E K, V' = F V; out_i = sum over r of softmax_r(scale q_i . k'_r) v'_r",
        "Wang et al., Linformer: self-attention with linear complexity, 2020",
        "O(n r d) time, O(n r) memory for the weights, 2 r n_max parameters",
        Card.Reach.GLOBAL,
        Card.Choice.LOW_RANK,
        Card.Timing.STATIC,
        Card.Granularity.TOKEN,
        List.of(
            "sharing: none, headwise and key-value as in the paper. Its layerwise sharing is"
                + " key-value with one tensor for all layers. The option share_kv of a widespread"
                + " package ties the values to the keys besides (LUCIDRAINS_SHARE_KV).",
            "A shorter input uses the first n columns of E and F; a longer one is refused.",
            "Padded keys and values count as rows of 0 before they are projected, and nothing is"
                + " renormalised: a projected row mixes all positions, so no mask is possible"
                + " afterwards, and no causality. Published code has no mask at all.",
            "There is no row without keys: with no valid key all r projected keys and values are"
                + " 0, the weights are equal, out is 0 and lse is log r.",
            "Pairs are queries and projected rows; each of these stands for all tokens.",
            "Recorded example: the tensors of case 2863. out[0, 0, 0, 0] is 0.5382628442 as"
                + " KEY_VALUE and 0.6590286659 as LUCIDRAINS_SHARE_KV."));
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "e",
            "[r, n_max] or [H_kv, r, n_max]",
            Kind.PARAMETER,
            true,
            "Projection of the keys; for each head with sharing=NONE."),
        new TensorSpec(
            "f",
            "[r, n_max] or [H_kv, r, n_max]",
            Kind.PARAMETER,
            false,
            "Projection of the values, where it is not e."),
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
    AttentionProblem given = given(inputs);
    Require.argument(
        sharing != Sharing.LUCIDRAINS_SHARE_KV || given.valueDepth() == given.depth(),
        "v has %d channels and k %d: with sharing=%s the keys are the values, so they must agree",
        given.valueDepth(),
        given.depth(),
        sharing);
    Var keys = projected(inputs, "e", "k", given);
    Var values =
        switch (sharing) {
          case NONE, HEADWISE -> projected(inputs, "f", "v", given);
          case KEY_VALUE -> projected(inputs, "e", "v", given);
          case LUCIDRAINS_SHARE_KV -> keys;
        };
    Var q = inputs.var("q");
    AttentionProblem built =
        AttentionProblem.of(q.value(), keys.value(), values.value())
            .queryLengths(inputs.integers("q_lens"))
            .givenScale(scale)
            .build();
    return softmax.attend(built, new Operands(q, keys, values, null), Pairs.ALL);
  }

  /** The tokens as they are given: their shapes and lengths are checked here. */
  private static AttentionProblem given(Inputs inputs) {
    return Given.problem(inputs).build();
  }

  /** {@code E x} [B, H_kv, r, d] over the valid rows of x. */
  private Var projected(Inputs inputs, String by, String name, AttentionProblem problem) {
    Var x = inputs.var(name);
    Require.argument(
        inputs.has(by), "sharing=%s needs the tensor %s: give it, or share e", sharing, by);
    Var projection = inputs.var(by);
    Shape shape = projection.shape();
    int tokens = problem.keys();
    boolean each = sharing == Sharing.NONE;
    Require.argument(
        shape.rank() == (each ? 3 : 2)
            && (!each || shape.extent(0) == problem.kvHeads())
            && shape.extent(-2) >= 1
            && shape.extent(-1) >= tokens,
        "%s has shape %s: %s is needed with n_max of at least %d",
        by,
        shape,
        each ? "[" + problem.kvHeads() + ", r, n_max]" : "[r, n_max]",
        tokens);
    Require.argument(
        sharing.hasF() || !inputs.has("f"), "sharing=%s has no place for f: leave it out", sharing);
    int rows = shape.extent(-2);
    Var used = Ops.slice(projection, -1, 0, tokens);
    Var here = Ops.reshape(used, Shape.of(1, each ? problem.kvHeads() : 1, rows, tokens));
    Shape all = Shape.of(problem.batches(), problem.kvHeads(), rows, tokens);
    return Ops.matMul(Ops.broadcast(here, all), Padding.keys(x, problem));
  }

  @Override
  public List<Case> cases() {
    return LinformerCases.all();
  }

  /** Projections to eight rows, or as many as there are tokens. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int rows = Math.min(EXAMPLE_ROWS, example.tokens());
    Shape shape =
        sharing == Sharing.NONE
            ? Shape.of(example.heads(), rows, example.tokens())
            : Shape.of(rows, example.tokens());
    tensors.put("e", example.draw("e", shape, CaseBuilder.UNIT - 2));
    if (sharing.hasF()) {
      tensors.put("f", example.draw("f", shape, CaseBuilder.UNIT - 2));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = given(inputs);
    return (b, h, i, j) ->
        i < problem.queryLength(b) ? "projection: a row made of all tokens" : NOT_ATTENDED;
  }
}
