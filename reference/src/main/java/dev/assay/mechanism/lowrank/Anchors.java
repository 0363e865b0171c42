package dev.assay.mechanism.lowrank;

import dev.assay.tensor.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Unit vectors that stand for the directions of others: k-means on the sphere. They begin as in
 * k-means++ (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", 2007) and
 * are improved by Lloyd's rounds; an anchor without members stays where it is.
 *
 * @param most anchors at most; fewer where there are not as many different directions
 * @param rounds of improvement
 * @param seed of the first choice
 */
record Anchors(int most, int rounds, int seed) {
  private static final int STREAM = 1;

  /** The anchors of these rows, each of length 1, or 0. */
  double[][] of(double[][] rows) {
    List<double[]> anchors = first(rows);
    for (int round = 0; round < rounds; round++) {
      improve(anchors, rows);
    }
    return anchors.toArray(double[][]::new);
  }

  private List<double[]> first(double[][] rows) {
    Philox generator = new Philox(seed, STREAM, 0);
    List<double[]> anchors = new ArrayList<>();
    double[] distance = new double[rows.length];
    Arrays.fill(distance, 1);
    while (anchors.size() < Math.min(most, rows.length)) {
      double total = 0;
      for (double each : distance) {
        total += each;
      }
      if (!(total > 0)) {
        break;
      }
      double mark = total * fraction(generator, anchors.size());
      int chosen = at(distance, mark);
      anchors.add(rows[chosen].clone());
      for (int i = 0; i < rows.length; i++) {
        double own = Math.max(0, 1 - dot(rows[i], rows[chosen]));
        boolean same = i == chosen || Arrays.equals(rows[i], rows[chosen]);
        distance[i] = same ? 0 : anchors.size() == 1 ? own : Math.min(distance[i], own);
      }
    }
    return anchors;
  }

  /** The first row at which the running sum passes the mark. */
  private static int at(double[] distance, double mark) {
    double sum = 0;
    int last = 0;
    for (int i = 0; i < distance.length; i++) {
      sum += distance[i];
      last = distance[i] > 0 ? i : last;
      if (sum > mark) {
        return i;
      }
    }
    return last;
  }

  private static void improve(List<double[]> anchors, double[][] rows) {
    if (anchors.isEmpty()) {
      return;
    }
    double[][] sums = new double[anchors.size()][anchors.getFirst().length];
    for (double[] row : rows) {
      double[] sum = sums[nearest(anchors, row)];
      for (int c = 0; c < sum.length; c++) {
        sum[c] += row[c];
      }
    }
    for (int a = 0; a < sums.length; a++) {
      double length = Math.sqrt(dot(sums[a], sums[a]));
      if (length > 0) {
        for (int c = 0; c < sums[a].length; c++) {
          sums[a][c] /= length;
        }
        anchors.set(a, sums[a]);
      }
    }
  }

  private static int nearest(List<double[]> anchors, double[] row) {
    int nearest = 0;
    for (int a = 1; a < anchors.size(); a++) {
      nearest = dot(anchors.get(a), row) > dot(anchors.get(nearest), row) ? a : nearest;
    }
    return nearest;
  }

  static double dot(double[] a, double[] b) {
    double dot = 0;
    for (int c = 0; c < a.length; c++) {
      dot += a[c] * b[c];
    }
    return dot;
  }

  private static double fraction(Philox generator, int index) {
    return (generator.words(index)[0] & 0xFFFFFFFFL) / 4294967296.0;
  }
}
