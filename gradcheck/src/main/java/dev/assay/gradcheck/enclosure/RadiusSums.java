package dev.assay.gradcheck.enclosure;

import static dev.assay.gradcheck.enclosure.Upward.UP;
import static dev.assay.gradcheck.enclosure.Upward.gamma;
import static dev.assay.gradcheck.enclosure.Upward.summed;

import dev.assay.gradcheck.bound.Rounding;

/**
 * Radii of sums over queries: N terms in any order, each a product, a scale of two roundings behind
 * the sum, the parts of the heads of a group stored before they are added, and the sum stored.
 */
final class RadiusSums {
  private final int channels;
  private final boolean grouped;
  private final double[] radius;
  private final double[] magnitude;
  private final double[] sum;
  private final double[] sumOff;
  private final double[] head;
  private final double[] heads;
  private final int[] terms;

  RadiusSums(int rows, int channels, boolean grouped) {
    this.channels = channels;
    this.grouped = grouped;
    int size = rows * channels;
    this.radius = new double[size];
    this.magnitude = new double[size];
    this.sum = new double[size];
    this.sumOff = new double[size];
    this.head = new double[size];
    this.heads = new double[size];
    this.terms = new int[size];
  }

  /**
   * A term {@code weight x}.
   *
   * @param most at least |weight|
   * @param error at least the weight's error
   * @param weight near the true weight
   */
  void add(int row, int c, double x, double most, double error, Near weight) {
    int at = row * channels + c;
    radius[at] += error * Math.abs(x);
    magnitude[at] += (most + error) * Math.abs(x);
    sum[at] += weight.number() * x;
    head[at] += weight.number() * x;
    sumOff[at] += weight.off() * Math.abs(x);
    terms[at]++;
  }

  void endOfHead() {
    for (int e = 0; e < head.length; e++) {
      heads[e] += Math.abs(head[e]);
      head[e] = 0;
    }
  }

  /** The radius of every element; 0 where nothing was added. */
  double[] radii(Rounding u) {
    double[] radii = new double[radius.length];
    for (int e = 0; e < radii.length; e++) {
      // A zero made of zeros is exact.
      if (terms[e] > 0 && magnitude[e] > 0) {
        double off = radius[e] + gamma(terms[e] + 2, u.uAcc()) * magnitude[e];
        off += (terms[e] + 2) * u.tinyS() + u.uO() * (summed(terms[e]) * magnitude[e] + sumOff[e]);
        double parts = grouped ? heads[e] + off : 0;
        off += u.uO() * parts;
        radii[e] = UP * (off + u.uO() * (Math.abs(sum[e]) + off) + u.tinyO());
      }
    }
    return radii;
  }
}
