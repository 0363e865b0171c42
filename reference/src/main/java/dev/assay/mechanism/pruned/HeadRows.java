package dev.assay.mechanism.pruned;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.SoftmaxOfNumbers;
import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Queries and keys of one head as numbers: what a selection looks at. Logits read only pairs that
 * exist; means read every token within its length, one that a mask excludes too.
 *
 * @param problem its tensors and predicates
 * @param b batch entry
 * @param h query head
 */
record HeadRows(AttentionProblem problem, int b, int h) {
  /** Every head of every batch entry, b slowest: at b * heads + h. */
  static List<HeadRows> all(AttentionProblem problem) {
    List<HeadRows> all = new ArrayList<>();
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        all.add(new HeadRows(problem, b, h));
      }
    }
    return all;
  }

  /** For each batch entry and key head, the query heads that read it. */
  static List<List<HeadRows>> groups(AttentionProblem problem) {
    int size = problem.heads() / problem.kvHeads();
    List<HeadRows> all = all(problem);
    List<List<HeadRows>> groups = new ArrayList<>();
    for (int first = 0; first < all.size(); first += size) {
      groups.add(all.subList(first, first + size));
    }
    return groups;
  }

  /** Its place among {@link #all}. */
  int index() {
    return b * problem.heads() + h;
  }

  /** Channel c of query i. */
  double query(int i, int c) {
    return problem.q().doubles()[problem.queryRow(b, h, i) * problem.depth() + c];
  }

  /** Channel c of key j. */
  double key(int j, int c) {
    return problem.k().doubles()[problem.keyRow(b, problem.kvHead(h), j) * problem.depth() + c];
  }

  /** Whether query i may meet key j. */
  boolean exists(int i, int j) {
    return KeepMask.exists(problem, b, h, i, j);
  }

  /** Whether a query of a range may meet a key of a range; both without their end. */
  boolean meet(int queryFrom, int queryTo, int keyFrom, int keyTo) {
    for (int i = queryFrom; i < queryTo; i++) {
      for (int j = keyFrom; j < keyTo; j++) {
        if (exists(i, j)) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@code scale q_i . k_j}. */
  double logit(int i, int j) {
    int depth = problem.depth();
    double[] q = problem.q().doubles();
    double[] k = problem.k().doubles();
    int queryAt = problem.queryRow(b, h, i) * depth;
    int keyAt = problem.keyRow(b, problem.kvHead(h), j) * depth;
    double dot = 0;
    for (int c = 0; c < depth; c++) {
      dot += q[queryAt + c] * k[keyAt + c];
    }
    return dot * problem.scale();
  }

  /** {@code log sum_j exp logit_ij} over the kept keys that exist; -inf without any. */
  double lse(int i, IntPredicate keep) {
    double[] logits = logits(i, keep);
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double logit : logits) {
      sum += StrictMath.exp(logit - max);
    }
    return max + StrictMath.log(sum);
  }

  /** {@code exp(logit_ij - L_i)} for every key, 0 for those that are not kept or do not exist. */
  double[] weights(int i, IntPredicate keep) {
    return SoftmaxOfNumbers.of(logits(i, keep));
  }

  /** The logits of a row; -inf for keys that are not kept or do not exist. */
  double[] logits(int i, IntPredicate keep) {
    double[] logits = Ranking.nothing(problem.keys());
    for (int j = 0; j < logits.length; j++) {
      if (exists(i, j) && keep.test(j)) {
        logits[j] = logit(i, j);
      }
    }
    return logits;
  }

  /** Mean of the queries of a range as far as it is valid; zeros if it is not at all. */
  double[] meanQuery(int from, int to) {
    int end = Math.min(to, problem.queryLength(b));
    double[] mean = new double[problem.depth()];
    for (int i = from; i < end; i++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += query(i, c) / (end - from);
      }
    }
    return mean;
  }

  /** Mean of the keys of a range as far as it is valid; zeros if it is not at all. */
  double[] meanKey(int from, int to) {
    int end = Math.min(to, problem.keyLength(b));
    double[] mean = new double[problem.depth()];
    for (int j = from; j < end; j++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += key(j, c) / (end - from);
      }
    }
    return mean;
  }
}
