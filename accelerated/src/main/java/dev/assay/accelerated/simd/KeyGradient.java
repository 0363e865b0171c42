package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * The gradient of k or v. Without pages each row has one owner, which stores it. A page may belong
 * to several batch entries: then rows are kept by position until all are known and added up in
 * order of batch entry and position.
 */
final class KeyGradient {
  private final AttentionProblem problem;
  private final Tensor of;
  private final int width;
  private final float[] gradient;
  private final float[][] byPosition;

  /**
   * @param of k or v
   */
  KeyGradient(AttentionProblem problem, Tensor of, List<Span> spans) {
    this.problem = problem;
    this.of = of;
    this.width = of.shape().extent(3);
    this.gradient = new float[of.size()];
    this.byPosition =
        problem.paging() == null
            ? new float[0][]
            : spans.stream()
                .map(span -> new float[Shape.of(problem.kvHeads(), span.keys(), width).size()])
                .toArray(float[][]::new);
  }

  /** Stores the rows of a tile, each number times a factor. */
  void store(Span span, int head, int tile, Matrix rows, float factor) {
    if (byPosition.length == 0) {
      Rows.ofKeys(problem, gradient, width).store(span, head, tile, rows, factor);
      return;
    }
    int first = (head * span.keys() + tile * Tile.EDGE) * width;
    for (int r = 0; r < span.keysIn(tile); r++) {
      Rows.gather(rows, r, byPosition[span.index()], first + r * width, width, factor);
    }
  }

  /** The gradient, after all tiles were stored. */
  Tensor finish() {
    for (int b = 0; b < byPosition.length; b++) {
      int keys = problem.keyLength(b);
      for (int row = 0; row < problem.kvHeads() * keys; row++) {
        int to = problem.keyRow(b, row / keys, row % keys) * width;
        for (int c = 0; c < width; c++) {
          gradient[to + c] += byPosition[b][row * width + c];
        }
      }
    }
    return Tensor.adopt(of.shape(), gradient);
  }
}
