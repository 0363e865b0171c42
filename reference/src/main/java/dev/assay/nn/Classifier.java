package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An encoder that sorts token sequences into classes: embedding, blocks, mean over the valid
 * tokens, linear layer.
 *
 * <p>Where the mechanism reads no lengths, padding is attended to as a token of its own; it never
 * enters the mean.
 *
 * @param architecture sizes and mechanism
 * @param vocabulary how many tokens there are
 * @param classes how many classes
 */
public record Classifier(Architecture architecture, int vocabulary, int classes) {
  /** Checks the sizes. */
  public Classifier {
    Require.positive(vocabulary, "vocabulary");
    Require.positive(classes, "classes");
  }

  /**
   * The logits of the classes.
   *
   * @param ids B sequences of equal length, padded behind
   * @param lengths valid tokens of each
   * @return [B, classes]
   */
  public Var logits(Scope scope, int[][] ids, int[] lengths) {
    Require.argument(
        lengths.length == ids.length, "%d lengths for %d sequences", lengths.length, ids.length);
    Var tokens = Embedding.in(scope.in("embedding"), vocabulary, architecture.width()).of(ids);
    Var placed = architecture.positions().of(scope, tokens, 0);
    Tensor valid = Tensor.generate(Shape.of(lengths.length), b -> lengths[b]);
    boolean whole = Arrays.stream(lengths).allMatch(length -> length == ids[0].length);
    Map<String, Tensor> given = whole ? new LinkedHashMap<>() : architecture.block().lengths(valid);
    Var encoded = architecture.blocks(scope, placed, given);
    return Linear.in(scope.in("head"), architecture.width(), classes)
        .of(Pooling.mean(encoded, whole ? null : valid));
  }
}
