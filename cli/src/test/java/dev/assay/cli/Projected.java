package dev.assay.cli;

import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/**
 * The projections around a multi-head attention layer, y = x W^T + b, forward and back, by hand.
 */
final class Projected {
  private final Tensor x;
  private final Tensor inWeight;
  private final Tensor inBias;
  private final Tensor outWeight;
  private final Tensor outBias;
  private final Tensor cotangent;
  private final int batch;
  private final int n;
  private final int width;
  private final int heads;
  private final double[] dx;
  private final double[] dInWeight;
  private final double[] dInBias;
  private final double[] dOutWeight;
  private final double[] dOutBias;

  Projected(TensorFile layer, int heads) throws IOException {
    this.x = layer.tensor("x");
    this.inWeight = layer.tensor("w.in_proj_weight");
    this.inBias = layer.tensor("w.in_proj_bias");
    this.outWeight = layer.tensor("w.out_proj.weight");
    this.outBias = layer.tensor("w.out_proj.bias");
    this.cotangent = layer.tensor("cot");
    this.batch = x.shape().extent(0);
    this.n = x.shape().extent(1);
    this.width = x.shape().extent(2);
    this.heads = heads;
    this.dx = new double[x.size()];
    this.dInWeight = new double[inWeight.size()];
    this.dInBias = new double[inBias.size()];
    this.dOutWeight = new double[outWeight.size()];
    this.dOutBias = new double[outBias.size()];
  }

  /** Queries (0), keys (1) or values (2) as [B, H, n, d]. */
  Tensor heads(int part) {
    return byHead(
        (b, i, f) -> {
          int row = part * width + f;
          double sum = inBias.get(row);
          for (int c = 0; c < width; c++) {
            sum += x.at(b, i, c) * inWeight.at(row, c);
          }
          return sum;
        });
  }

  /** The cotangent of the heads' outputs: cot W_out. */
  Tensor dHeads() {
    return byHead(
        (b, i, f) -> {
          double sum = 0;
          for (int c = 0; c < width; c++) {
            sum += cotangent.at(b, i, c) * outWeight.at(c, f);
          }
          return sum;
        });
  }

  private interface Feature {
    double at(int b, int i, int feature);
  }

  private Tensor byHead(Feature feature) {
    int d = width / heads;
    return Tensor.generate(
        Shape.of(batch, heads, n, d),
        p -> feature.at(p / (heads * n * d), p / d % n, p / (n * d) % heads * d + p % d));
  }

  /** The layer's output for the heads' outputs. */
  Tensor out(Tensor attended) {
    return Tensor.generate(
        x.shape(),
        p -> {
          double sum = outBias.get(p % width);
          for (int f = 0; f < width; f++) {
            sum +=
                feature(attended, p / (n * width), p / width % n, f) * outWeight.at(p % width, f);
          }
          return sum;
        });
  }

  private double feature(Tensor byHead, int b, int i, int f) {
    int d = width / heads;
    return byHead.at(b, f / d, i, f % d);
  }

  /** Follows the gradients of q, k, v back to the input and the parameters. */
  void back(Tensor attended, List<Tensor> dParts) {
    for (int b = 0; b < batch; b++) {
      for (int i = 0; i < n; i++) {
        for (int f = 0; f < width; f++) {
          dOutBias[f] += cotangent.at(b, i, f);
          for (int c = 0; c < width; c++) {
            dOutWeight[f * width + c] += cotangent.at(b, i, f) * feature(attended, b, i, c);
          }
          for (int part = 0; part < dParts.size(); part++) {
            back(b, i, part * width + f, feature(dParts.get(part), b, i, f));
          }
        }
      }
    }
  }

  private void back(int b, int i, int row, double dRow) {
    dInBias[row] += dRow;
    for (int c = 0; c < width; c++) {
      dInWeight[row * width + c] += dRow * x.at(b, i, c);
      dx[(b * n + i) * width + c] += dRow * inWeight.at(row, c);
    }
  }

  Tensor dx() {
    return Tensor.adopt(x.shape(), dx);
  }

  Tensor dInWeight() {
    return Tensor.adopt(inWeight.shape(), dInWeight);
  }

  Tensor dInBias() {
    return Tensor.adopt(inBias.shape(), dInBias);
  }

  Tensor dOutWeight() {
    return Tensor.adopt(outWeight.shape(), dOutWeight);
  }

  Tensor dOutBias() {
    return Tensor.adopt(outBias.shape(), dOutBias);
  }
}
