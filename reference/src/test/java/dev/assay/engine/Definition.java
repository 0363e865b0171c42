package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * Attention by its definition, {@code out = sum_j w_j e^(s_j) v_j / sum_j e^(s_j)}, over all pairs,
 * with weights and predicates written by the test. It shares neither the enumeration of keys nor
 * the arithmetic with the engine: no maximum is subtracted, so logits must be small.
 */
final class Definition {
  /** A number for a pair. */
  interface OfPair {
    double at(int b, int h, int i, int j);
  }

  private final AttentionProblem problem;
  private OfPair multiplicity = (b, h, i, j) -> 1;
  private OfPair bias = (b, h, i, j) -> 0;
  private OfPair dropout = (b, h, i, j) -> 1;

  private Definition(AttentionProblem problem) {
    this.problem = problem;
  }

  /** Of this problem's tensors, scale and softcap; all else is told to the definition. */
  static Definition of(AttentionProblem problem) {
    return new Definition(problem);
  }

  Definition multiplicity(OfPair given) {
    multiplicity = given;
    return this;
  }

  Definition bias(OfPair given) {
    bias = given;
    return this;
  }

  Definition dropout(OfPair given) {
    dropout = given;
    return this;
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    double[] lse = new double[problem.lseShape().size()];
    for (int row = 0; row < lse.length; row++) {
      int[] at = problem.lseShape().index(row);
      double sum = 0;
      double[] weighed = new double[problem.valueDepth()];
      for (int j = 0; j < problem.k().shape().extent(2); j++) {
        double times = multiplicity.at(at[0], at[1], at[2], j);
        if (times > 0) {
          double e = times * Math.exp(logit(at, j));
          sum += e;
          for (int c = 0; c < weighed.length; c++) {
            weighed[c] += e * dropout.at(at[0], at[1], at[2], j) * v(at, j, c);
          }
        }
      }
      lse[row] = Math.log(sum);
      for (int c = 0; sum > 0 && c < weighed.length; c++) {
        out[row * weighed.length + c] = weighed[c] / sum;
      }
    }
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  private double logit(int[] at, int j) {
    int group = problem.q().shape().extent(1) / problem.k().shape().extent(1);
    double[] terms = new double[problem.depth()];
    for (int c = 0; c < terms.length; c++) {
      terms[c] =
          problem.q().at(at[0], at[1], at[2], c) * problem.k().at(at[0], at[1] / group, j, c);
    }
    double score = problem.scale() * Arrays.stream(terms).sum();
    double cap = problem.softcap();
    return (cap > 0 ? cap * Math.tanh(score / cap) : score) + bias.at(at[0], at[1], at[2], j);
  }

  private double v(int[] at, int j, int c) {
    int group = problem.q().shape().extent(1) / problem.k().shape().extent(1);
    return problem.v().at(at[0], at[1] / group, j, c);
  }
}
