package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Attention, then a feed-forward layer, each with a path around it.
 *
 * <pre>
 * before:  y = x + attend(norm(x));   z = y + feed(norm(y))
 * after:   y = norm(x + attend(x));   z = norm(y + feed(y))
 * </pre>
 *
 * Sources: Vaswani et al., "Attention is all you need" (2017) normalises after; Xiong et al., "On
 * layer normalization in the Transformer architecture" (2020) before.
 *
 * @param attention of the sequence to itself
 * @param feed what follows
 * @param norm which normalisation
 * @param before whether it stands before the layers
 */
public record TransformerBlock(
    AttentionLayer attention, FeedForward feed, Norm norm, boolean before) {
  /** Lengths as the mechanism wants them, where it reads any. */
  Map<String, Tensor> lengths(Tensor lengths) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    for (String name : new String[] {"q_lens", "k_lens"}) {
      if (attention.reads(name)) {
        given.put(name, lengths);
      }
    }
    return given;
  }

  /**
   * Applies it.
   *
   * @param x [B, n, width]
   * @param given further tensors of the mechanism
   */
  public Var of(Scope scope, Var x, Map<String, Tensor> given) {
    Var y = around(scope, "attention", x, it -> attention.of(scope.in("attention"), it, it, given));
    return around(scope, "feed", y, it -> feed.of(scope.in("feed"), it));
  }

  /** The block of a decoder that also looks at an encoder's tokens, between the two layers. */
  Var cross(Scope scope, Var x, AttentionLayer other, Var memory, Map<String, Tensor> given) {
    Var y = around(scope, "attention", x, it -> attention.of(scope.in("attention"), it));
    Var z = around(scope, "cross", y, it -> other.of(scope.in("cross"), it, memory, given));
    return around(scope, "feed", z, it -> feed.of(scope.in("feed"), it));
  }

  /** Applies it to new tokens behind those of a cache. */
  public Var decode(Scope scope, Var x, KvCache cache) {
    Var y = around(scope, "attention", x, it -> attention.decode(scope.in("attention"), it, cache));
    return around(scope, "feed", y, it -> feed.of(scope.in("feed"), it));
  }

  private Var around(Scope scope, String name, Var x, UnaryOperator<Var> layer) {
    Scope place = scope.in(name + "_norm");
    if (before) {
      return Ops.add(x, scope.drop(name, layer.apply(norm.of(place, x))));
    }
    return norm.of(place, Ops.add(x, scope.drop(name, layer.apply(x))));
  }
}
