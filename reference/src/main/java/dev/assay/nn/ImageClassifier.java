package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * An encoder that sorts images: each square patch of pixels is a token. Dosovitskiy et al., "An
 * image is worth 16x16 words" (2021), with the mean of the tokens instead of a class token.
 *
 * @param architecture sizes and mechanism
 * @param patch pixels on a side of a patch
 * @param classes how many classes
 */
public record ImageClassifier(Architecture architecture, int patch, int classes) {
  /** Checks the sizes. */
  public ImageClassifier {
    Require.positive(patch, "patch");
    Require.positive(classes, "classes");
  }

  /**
   * The logits of the classes.
   *
   * @param images [B, rows, columns, colours]
   * @return [B, classes]
   */
  public Var logits(Scope scope, Tensor images) {
    Tensor cut = patches(images, patch);
    Var pixels = Ops.constant(scope.tape(), cut);
    Var tokens =
        Linear.in(scope.in("embedding"), cut.shape().extent(2), architecture.width()).of(pixels);
    Var placed = architecture.positions().of(scope, tokens, 0);
    Var encoded = architecture.blocks(scope, placed, Map.of());
    return Linear.in(scope.in("head"), architecture.width(), classes)
        .of(Pooling.mean(encoded, null));
  }

  /**
   * Images cut into patches, row by row.
   *
   * @param images [B, rows, columns, colours]; rows and columns are multiples of the patch
   * @return [B, patches, patch * patch * colours]
   */
  public static Tensor patches(Tensor images, int patch) {
    Shape shape = images.shape();
    Require.argument(
        shape.rank() == 4 && shape.extent(1) % patch == 0 && shape.extent(2) % patch == 0,
        "images of shape %s cannot be cut into patches of %d: [B, rows, columns, colours] with"
            + " multiples of it are needed",
        shape,
        patch);
    int across = shape.extent(2) / patch;
    int colours = shape.extent(3);
    int side = patch * colours;
    Shape cut = Shape.of(shape.extent(0), shape.extent(1) / patch * across, patch * side);
    return Tensor.generate(
        cut,
        p -> {
          int[] at = cut.index(p);
          int row = at[1] / across * patch + at[2] / side;
          int column = at[1] % across * patch + at[2] % side / colours;
          return images.at(at[0], row, column, at[2] % colours);
        });
  }
}
