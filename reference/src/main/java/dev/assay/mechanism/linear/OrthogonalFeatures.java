package dev.assay.mechanism.linear;

import dev.assay.mechanism.Case;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * The random projection of FAVOR+: m rows of d numbers, in blocks of d rows that are orthogonal to
 * each other. A block is the transposed Q of a matrix of normal numbers, with the signs that make
 * the diagonal of R positive, so that it is uniform over all rotations and does not depend on how Q
 * is computed. The last block is cut.
 *
 * <p>Normal numbers come from the words of a {@link Philox} by the transformation of Box and
 * Muller.
 *
 * @param m rows
 * @param d columns
 * @param seed which numbers
 */
record OrthogonalFeatures(int m, int d, int seed) {
  /** Rows as long as those of normal numbers (chi-distributed), or all of length sqrt(d). */
  Tensor draw(boolean equalLengths) {
    double[] rows = new double[m * d];
    for (int start = 0; start < m; start += d) {
      double[] block = block(start / d);
      System.arraycopy(block, 0, rows, start * d, Math.min(d, m - start) * d);
    }
    Philox lengths = new Philox(seed, Case.stream("projection_lengths"), 0);
    return Tensor.generate(
        Shape.of(m, d), p -> rows[p] * (equalLengths ? Math.sqrt(d) : length(lengths, p / d)));
  }

  /** An orthogonal matrix of d rows, row-major. */
  private double[] block(int number) {
    Philox generator = new Philox(seed, Case.stream("projection"), number);
    DMatrixRMaj matrix = new DMatrixRMaj(d, d);
    for (int p = 0; p < d * d; p++) {
      matrix.data[p] = normal(generator, p);
    }
    var decomposition = DecompositionFactory_DDRM.qr(d, d);
    decomposition.decompose(matrix);
    DMatrixRMaj q = decomposition.getQ(null, false);
    DMatrixRMaj r = decomposition.getR(null, false);
    double[] rows = new double[d * d];
    for (int row = 0; row < d; row++) {
      double sign = r.get(row, row) < 0 ? -1 : 1;
      for (int c = 0; c < d; c++) {
        rows[row * d + c] = sign * q.get(c, row);
      }
    }
    return rows;
  }

  private double length(Philox generator, int row) {
    double squares = 0;
    for (int c = 0; c < d; c++) {
      double number = normal(generator, (long) row * d + c);
      squares += number * number;
    }
    return Math.sqrt(squares);
  }

  private static double normal(Philox generator, long index) {
    int[] words = generator.words(index);
    double radius = Math.sqrt(-2 * StrictMath.log(fraction(words[0])));
    return radius * StrictMath.cos(2 * Math.PI * fraction(words[1]));
  }

  /** In (0, 1). */
  private static double fraction(int word) {
    return ((word & 0xFFFFFFFFL) + 0.5) / 4294967296.0;
  }
}
