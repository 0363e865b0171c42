package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An encoder, and a decoder that looks at what it gives: Vaswani et al., "Attention is all you
 * need" (2017).
 *
 * @param encoder sizes and mechanism of the encoder
 * @param decoder sizes and mechanism of the decoder, causal; as wide as the encoder
 * @param cross the mechanism with which the decoder looks at the encoder's tokens: not causal, and
 *     able to have other numbers of queries than of keys
 * @param sources how many tokens the source language has
 * @param targets how many the target language has
 */
public record Translator(
    Architecture encoder, Architecture decoder, Mechanism cross, int sources, int targets) {
  /** Checks the sizes. */
  public Translator {
    Require.positive(sources, "sources");
    Require.positive(targets, "targets");
    Require.argument(
        encoder.width() == decoder.width(),
        "the encoder is %d wide and the decoder %d: give both one width",
        encoder.width(),
        decoder.width());
  }

  /**
   * The encoder's tokens.
   *
   * @param ids B source sequences, padded behind
   * @param lengths valid tokens of each, [B]
   * @return [B, n, width]
   */
  public Var encode(Scope scope, int[][] ids, Tensor lengths) {
    Scope place = scope.in("encoder");
    Var tokens = Embedding.in(place.in("embedding"), sources, encoder.width()).of(ids);
    Var placed = encoder.positions().of(place, tokens, 0);
    return encoder.blocks(place, placed, encoder.block().lengths(lengths));
  }

  /**
   * The logits of the next target token after each.
   *
   * @param ids B target sequences that begin with a token for the beginning
   * @param memory what {@link #encode} gave
   * @param lengths valid source tokens, [B]
   * @return [B, n, targets]
   */
  public Var logits(Scope scope, int[][] ids, Var memory, Tensor lengths) {
    Scope place = scope.in("decoder");
    Var tokens = Embedding.in(place.in("embedding"), targets, decoder.width()).of(ids);
    Var y = place.drop("input", decoder.positions().of(place, tokens, 0));
    AttentionLayer other = decoder.with(cross).attention();
    Map<String, Tensor> given = new LinkedHashMap<>();
    if (other.reads("k_lens")) {
      given.put("k_lens", lengths);
    }
    for (int layer = 0; layer < decoder.layers(); layer++) {
      y = decoder.block().cross(place.in("block" + layer), y, other, memory, given);
    }
    return Linear.in(place.in("head"), decoder.width(), targets).of(decoder.last(place, y));
  }

  /** Lengths as a tensor. */
  public static Tensor lengths(int... lengths) {
    return Tensor.generate(Shape.of(lengths.length), b -> lengths[b]);
  }
}
