package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.FeedForward.Activation;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * The sizes of a Transformer and its mechanism: what encoders and decoders have in common.
 *
 * @param mechanism attention of each layer
 * @param layers blocks, at least 1
 * @param width channels of a token
 * @param heads heads of queries
 * @param kvHeads heads of keys and values
 * @param hidden channels within the feed-forward layers
 * @param activation their function
 * @param norm which normalisation
 * @param before whether it stands before the layers, and once more behind the last block
 * @param positions what is added to the tokens
 */
public record Architecture(
    Mechanism mechanism,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int hidden,
    Activation activation,
    Norm norm,
    boolean before,
    Positions positions) {
  /** Checks the sizes. */
  public Architecture {
    Require.positive(layers, "layers");
    Require.positive(hidden, "hidden");
  }

  /** Normalisation before the layers, GELU, feed-forward layers of 4 times the width, sines. */
  public static Architecture of(Mechanism mechanism, int layers, int width, int heads) {
    return new Architecture(
        mechanism,
        layers,
        width,
        heads,
        heads,
        4 * width,
        Activation.GELU_TANH,
        Norm.LAYER,
        true,
        Positions.SINUSOIDAL);
  }

  /** The same with other positions. */
  public Architecture with(Positions other) {
    return new Architecture(
        mechanism, layers, width, heads, kvHeads, hidden, activation, norm, before, other);
  }

  /** The same with another mechanism. */
  public Architecture with(Mechanism other) {
    return new Architecture(
        other, layers, width, heads, kvHeads, hidden, activation, norm, before, positions);
  }

  /** The same with other feed-forward layers. */
  public Architecture with(Activation function, int channels) {
    return new Architecture(
        mechanism, layers, width, heads, kvHeads, channels, function, norm, before, positions);
  }

  /** The same with another normalisation and its place. */
  public Architecture with(Norm other, boolean first) {
    return new Architecture(
        mechanism, layers, width, heads, kvHeads, hidden, activation, other, first, positions);
  }

  /** An attention layer of these sizes. */
  public AttentionLayer attention() {
    return new AttentionLayer(mechanism, width, heads, kvHeads);
  }

  /** A block of these sizes. */
  public TransformerBlock block() {
    return new TransformerBlock(attention(), new FeedForward(hidden, activation), norm, before);
  }

  /**
   * All blocks.
   *
   * @param x tokens with their positions, [B, n, width]
   * @param given further tensors of the mechanism, the same for each layer
   */
  public Var blocks(Scope scope, Var x, Map<String, Tensor> given) {
    Var y = scope.drop("input", x);
    for (int layer = 0; layer < layers; layer++) {
      y = block().of(scope.in("block" + layer), y, given);
    }
    return last(scope, y);
  }

  /** All blocks on new tokens behind those of a cache. */
  Var decode(Scope scope, Var x, KvCache cache) {
    Var y = x;
    for (int layer = 0; layer < layers; layer++) {
      y = block().decode(scope.in("block" + layer), y, cache);
    }
    return last(scope, y);
  }

  /** The normalisation behind the last block, where the blocks have theirs before the layers. */
  Var last(Scope scope, Var y) {
    return before ? norm.of(scope.in("norm"), y) : y;
  }
}
