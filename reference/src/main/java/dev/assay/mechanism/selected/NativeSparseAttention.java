package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * Three attentions, each with a gate of its own: to compressed windows of keys, to the blocks that
 * these say matter, and to the nearest keys: Yuan et al., "Native sparse attention:
 * hardware-aligned and natively trainable sparse attention" (2025).
 *
 * <p>Cost of a query at position t: O((t / stride + n l' + w) (d + d_v)).
 */
public record NativeSparseAttention(
    @Setting(value = "l: tokens in a compressed window; at least 1. The paper has 32.", by = "4")
        int compressBlock,
    @Setting(
            value = "d: from one window to the next; divides l and l'. The paper has 16.",
            by = "2")
        int compressStride,
    @Setting(value = "l': keys in a selected block; at least 1. The paper has 64.", by = "8")
        int selectBlock,
    @Setting(value = "n: blocks that a query selects; at least 0. The paper has 16.", by = "4")
        int topN,
    @Setting(value = "First blocks that are always selected.", by = "1") int initial,
    @Setting(value = "Blocks up to the query's own that are always selected.", by = "2") int local,
    @Setting(value = "Whether forced blocks are among the n.", by = "COUNTED") Forced forced,
    @Setting(
            value =
                "w: keys up to the query, its own included; as many after it if not causal. Paper: 512.",
            by = "16")
        int window,
    @Setting(value = "How a window is made one key.", by = "MEAN") Phi phi,
    @Setting(value = "Where the first window begins.", by = "NONE") Padding padding,
    @Setting(value = "Which windows a query sees.", by = "INCLUSIVE") Visible visible,
    @Setting(value = "How windows say which blocks matter.", by = "PAPER") Scores scores,
    @Setting(value = "How compressed keys are turned, by their first token.", by = "NONE")
        GateRope compressedRope,
    @Setting(value = "Base of the rotary frequencies of compressed keys.", by = "10000")
        double theta,
    @Setting(value = "What the tensors g_cmp, g_slc and g_win are.", by = "SIGMOID") Gate gate,
    @Setting(value = "Excludes keys after the query's position.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** Whether forced blocks take places. */
  public enum Forced {
    /** As the paper: n includes them. */
    COUNTED,
    /** As lucidrains: n blocks are selected besides. */
    BESIDES
  }

  /** The compression of l tokens, after {@code pe_k} and {@code pe_v} are added to them. */
  public enum Phi {
    /** The mean, as fla and the avgpool of XunhaoLai. */
    MEAN,
    /** {@code sum_t phi[h, t] x_t}, the weightedpool of XunhaoLai. */
    WEIGHTED,
    /** {@code sum_t x_t phi[h, t d : (t + 1) d]}, the linear of XunhaoLai. */
    LINEAR,
    /** {@code W relu(phi x + b) + c} on the l d numbers of a window, as lucidrains. */
    MLP
  }

  /** Where windows lie. */
  public enum Padding {
    /** Window c covers tokens c d to c d + l - 1. */
    NONE,
    /** As lucidrains: l - d zeros stand before the first token. */
    LEFT
  }

  /** When the last token of a window lets a query see it. */
  public enum Visible {
    /** From its own position on, as the paper, fla and XunhaoLai. */
    INCLUSIVE,
    /** Only after it, as lucidrains. */
    STRICT
  }

  /** Scores of blocks from the attention to windows. */
  public enum Scores {
    /** Precise: {@code sum over m < l'/d, n < l/d of p[(l'/d) j + m - n]}, summed over a group. */
    PAPER,
    /** Literal: the printed {@code (l'/d) j - m - n}, with indices from 0. */
    LITERAL,
    /** As lucidrains: softmax of the mean logit over the group and a block's l'/d windows. */
    LOGITS
  }

  /** The factors of the three outputs. */
  public enum Gate {
    /** Three independent sigmoids of the given logits. */
    SIGMOID,
    /** The given numbers themselves, as the kernels of fla take them. */
    GIVEN
  }

  /** Checks the numbers. */
  public NativeSparseAttention {
    Require.positive(compressBlock, "compressBlock");
    Require.positive(compressStride, "compressStride");
    Require.positive(selectBlock, "selectBlock");
    Require.notNegative(topN, "topN");
    Require.notNegative(initial, "initial");
    Require.notNegative(local, "local");
    Require.positive(window, "window");
    Ranges.rotary(theta, 0);
    Ranges.scale(scale);
    Require.argument(
        compressBlock % compressStride == 0 && selectBlock % compressStride == 0,
        "compressStride is %d: it must divide compressBlock %d and selectBlock %d",
        compressStride,
        compressBlock,
        selectBlock);
    Require.argument(
        forced == Forced.BESIDES || topN >= (long) initial + local,
        "topN is %d, but %d initial and %d local blocks are counted: it must hold them",
        topN,
        initial,
        local);
  }

  @Override
  public Card card() {
    return NativeSparseAttentionCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return NsaTensors.all();
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return new NsaBranches(this, inputs).answer(Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return new NsaBranches(this, inputs).answer(Softmax.on(engine));
  }

  @Override
  public List<Case> cases() {
    return NativeSparseAttentionCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    Shape rows = Shape.of(1, example.heads(), example.tokens());
    for (String name : NsaTensors.GATES) {
      tensors.put(name, example.draw(name, rows, CaseBuilder.UNIT));
    }
    NsaTensors.phiShapes(this, example.heads(), example.depth())
        .forEach((name, shape) -> tensors.put(name, example.draw(name, shape, CaseBuilder.UNIT)));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    return new NsaBranches(this, inputs).rules();
  }
}
