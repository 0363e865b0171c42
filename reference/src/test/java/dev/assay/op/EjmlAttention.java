package dev.assay.op;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Dense attention of one head and its backward pass, written with the matrices of EJML from the
 * formulas of the literature. It shares no code with the ops and is their second judge.
 *
 * <pre>
 * S = tau Q K^T, masked;  L_i = ln sum_j e^S_ij;  P = e^(S - L);  O = P V
 * D_i = sum_c dO_ic O_ic - dL_i;  dS = P * (dO V^T - D)
 * dQ = tau dS K;  dK = tau dS^T Q;  dV = P^T dO
 * </pre>
 */
final class EjmlAttention {
  final DMatrixRMaj p;
  final DMatrixRMaj out;
  final DMatrixRMaj lse;
  private final DMatrixRMaj q;
  private final DMatrixRMaj k;
  private final DMatrixRMaj v;
  private final double tau;

  /** The forward pass on q [n, d], k [m, d], v [m, d_v] and keep [n, m]. */
  EjmlAttention(Tensor q, Tensor k, Tensor v, Tensor keep, double tau) {
    this.q = matrix(q);
    this.k = matrix(k);
    this.v = matrix(v);
    this.tau = tau;
    this.p = new DMatrixRMaj(this.q.numRows, this.k.numRows);
    this.lse = new DMatrixRMaj(this.q.numRows, 1);
    CommonOps_DDRM.multTransB(tau, this.q, this.k, p);
    softmax(matrix(keep));
    this.out = new DMatrixRMaj(p.numRows, this.v.numCols);
    CommonOps_DDRM.mult(p, this.v, out);
  }

  private void softmax(DMatrixRMaj keep) {
    for (int i = 0; i < p.numRows; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < p.numCols; j++) {
        p.set(i, j, keep.get(i, j) == 0 ? Double.NEGATIVE_INFINITY : p.get(i, j));
        max = Math.max(max, p.get(i, j));
      }
      double sum = 0;
      for (int j = 0; j < p.numCols && Double.isFinite(max); j++) {
        sum += Math.exp(p.get(i, j) - max);
      }
      lse.set(i, 0, max + Math.log(sum));
      for (int j = 0; j < p.numCols; j++) {
        p.set(i, j, sum == 0 ? 0 : Math.exp(p.get(i, j) - lse.get(i, 0)));
      }
    }
  }

  /** dQ, dK, dV for given dOut [n, d_v] and dLse [n, 1]. */
  DMatrixRMaj[] backward(Tensor dOut, Tensor dLse) {
    DMatrixRMaj dO = matrix(dOut);
    DMatrixRMaj dS = new DMatrixRMaj(p.numRows, p.numCols);
    CommonOps_DDRM.multTransB(dO, v, dS);
    DMatrixRMaj delta = new DMatrixRMaj(p.numRows, out.numCols);
    CommonOps_DDRM.elementMult(dO, out, delta);
    delta = CommonOps_DDRM.sumRows(delta, null);
    CommonOps_DDRM.subtractEquals(delta, matrix(dLse));
    for (int i = 0; i < dS.numRows; i++) {
      for (int j = 0; j < dS.numCols; j++) {
        dS.set(i, j, p.get(i, j) * (dS.get(i, j) - delta.get(i, 0)));
      }
    }
    DMatrixRMaj dQ = new DMatrixRMaj(q.numRows, q.numCols);
    DMatrixRMaj dK = new DMatrixRMaj(k.numRows, k.numCols);
    DMatrixRMaj dV = new DMatrixRMaj(v.numRows, v.numCols);
    CommonOps_DDRM.mult(tau, dS, k, dQ);
    CommonOps_DDRM.multTransA(tau, dS, q, dK);
    CommonOps_DDRM.multTransA(p, dO, dV);
    return new DMatrixRMaj[] {dQ, dK, dV};
  }

  /** A tensor of rank 2. */
  static DMatrixRMaj matrix(Tensor x) {
    return new DMatrixRMaj(x.shape().extent(0), x.shape().extent(1), true, x.toDoubles());
  }

  /** A matrix as a tensor. */
  static Tensor tensor(DMatrixRMaj x) {
    return Tensor.of(Shape.of(x.numRows, x.numCols), x.getData());
  }
}
