package dev.assay.study;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * How far a token hears through layers that stand on each other: after layer L it has heard of all
 * of which those had heard after layer L - 1 that it meets in layer L, heads together.
 *
 * @param tokens mean number of tokens that a token has heard of, after 1, 2, ... layers; 0 where
 *     queries and keys are not the same tokens
 */
public record Reach(double[] tokens) {
  /**
   * Follows the tokens.
   *
   * @param layers for each layer whom a token meets, itself included: {@link Coverage#direct};
   *     where there are fewer than {@code count}, they begin again
   * @param count up to how many layers
   */
  public static Reach of(List<List<BitSet>> layers, int count) {
    Require.positive(count, "layers");
    Require.argument(!layers.isEmpty(), "there is no layer to follow");
    double[] tokens = new double[count];
    List<BitSet> heard = layers.getFirst();
    for (int layer = 0; layer < count; layer++) {
      if (layer > 0) {
        heard = further(layers.get(layer % layers.size()), heard);
      }
      tokens[layer] = heard.stream().mapToInt(BitSet::cardinality).average().orElse(0);
    }
    return new Reach(tokens);
  }

  private static List<BitSet> further(List<BitSet> direct, List<BitSet> heard) {
    Require.argument(
        direct.size() == heard.size(),
        "a layer of %d tokens stands on one of %d: all layers need the same tokens",
        direct.size(),
        heard.size());
    List<BitSet> next = new ArrayList<>();
    for (BitSet meets : direct) {
      BitSet of = new BitSet();
      meets.stream().forEach(j -> of.or(heard.get(j)));
      next.add(of);
    }
    return next;
  }
}
