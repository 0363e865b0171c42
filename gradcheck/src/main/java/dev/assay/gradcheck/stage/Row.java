package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.bound.RowWeights;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One query row in fp64: the logits of all keys, those that it may not see included, so that a
 * stage can be made wrong.
 */
final class Row {
  private final Evidence evidence;
  private final AttentionProblem problem;
  private final RowWeights weights;
  private final double[] scores;
  private final double[] logits;
  private int b;
  private int h;
  private int i;

  Row(Evidence evidence) {
    this.evidence = evidence;
    this.problem = evidence.problem();
    this.weights = new RowWeights(problem, evidence.plan());
    this.scores = new double[problem.keys()];
    this.logits = new double[problem.keys()];
  }

  /** Moves to a row, a position of the LSE. */
  void of(int row) {
    int[] at = problem.lseShape().index(row);
    b = at[0];
    h = at[1];
    i = at[2];
    weights.of(b, h, i);
    Arrays.fill(logits, Double.NEGATIVE_INFINITY);
    for (int t = 0; t < weights.size(); t++) {
      logits[weights.key(t)] = weights.logit(t);
    }
    for (int j = 0; j < scores.length; j++) {
      boolean there = problem.paging() == null || met(j);
      scores[j] = there ? score(problem.queryRow(b, h, i), keyRow(j)) : 0;
    }
  }

  Evidence evidence() {
    return evidence;
  }

  AttentionProblem problem() {
    return problem;
  }

  int batch() {
    return b;
  }

  int head() {
    return h;
  }

  int query() {
    return i;
  }

  /** Its position in the LSE. */
  int row() {
    return problem.queryRow(b, h, i);
  }

  int keys() {
    return scores.length;
  }

  /** Whether the row meets key j. */
  boolean met(int j) {
    return logits[j] != Double.NEGATIVE_INFINITY;
  }

  /** Whether the row meets no key. */
  boolean empty() {
    return weights.size() == 0;
  }

  /** scale q . k_j, before cap and bias. */
  double score(int j) {
    return scores[j];
  }

  /** scale q . k of any two rows. */
  double score(int queryRow, int keyRow) {
    double dot = 0;
    int depth = problem.depth();
    for (int c = 0; c < depth; c++) {
      dot += problem.q().get(queryRow * depth + c) * problem.k().get(keyRow * depth + c);
    }
    return problem.scale() * dot;
  }

  /** The logit of a met key with its multiplicity; -inf for others. */
  double logit(int j) {
    return logits[j];
  }

  /** The logit that key j has or would have, if a bias of -inf does not forbid it. */
  double unmasked(int j) {
    if (met(j)) {
      return logits[j];
    }
    double bias = problem.biasAt(b, h, i, j);
    return capped(scores[j]) + (bias == Double.NEGATIVE_INFINITY ? 0 : bias);
  }

  double capped(double score) {
    double cap = problem.softcap();
    return cap > 0 ? cap * StrictMath.tanh(score / cap) : score;
  }

  /** log of a met key's multiplicity. */
  double logCount(int j) {
    return logits[j] - capped(scores[j]) - problem.biasAt(b, h, i, j);
  }

  int keyRow(int j) {
    return problem.keyRow(b, problem.kvHead(h), j);
  }

  /** Channel c of the value of key j. */
  double value(int j, int c) {
    return problem.v().get(keyRow(j) * problem.valueDepth() + c);
  }

  double keep(int j) {
    return problem.dropoutAt(b, h, i, j);
  }

  /** The softmax over these logits; a key of -inf is left out and its value not read. */
  RowResult softmax(IntToDoubleFunction logit) {
    return softmax(logit, this::keyRow);
  }

  /** The same with values read at other rows. */
  RowResult softmax(IntToDoubleFunction logit, IntUnaryOperator valueRow) {
    double[] s = new double[keys()];
    Arrays.setAll(s, logit);
    double max = Arrays.stream(s).max().orElse(Double.NEGATIVE_INFINITY);
    double[] out = new double[problem.valueDepth()];
    if (max == Double.NEGATIVE_INFINITY) {
      return new RowResult(out, max);
    }
    double sum = 0;
    for (int j = 0; j < s.length; j++) {
      if (s[j] != Double.NEGATIVE_INFINITY) {
        double p = StrictMath.exp(s[j] - max);
        sum += p;
        add(out, p * keep(j), valueRow.applyAsInt(j));
      }
    }
    return new RowResult(out, max + StrictMath.log(sum)).times(1 / sum);
  }

  /** Adds a weighted value row. */
  void add(double[] out, double weight, int valueRow) {
    for (int c = 0; c < out.length && weight != 0; c++) {
      out[c] += weight * problem.v().get(valueRow * out.length + c);
    }
  }

  /** The right result, made again. */
  RowResult right() {
    return softmax(this::logit);
  }

  /** Takes the row's elements into a score. */
  void judge(@Nullable RowResult candidate, Score score) {
    if (candidate == null) {
      return;
    }
    Comparison out = evidence.compared().get("out");
    int width = problem.valueDepth();
    for (int c = 0; out != null && c < width; c++) {
      score.add(out, row() * width + c, candidate.out()[c]);
    }
    Comparison lse = evidence.compared().get("lse");
    if (lse != null) {
      score.add(lse, row(), candidate.lse());
    }
  }

  /** Whether a candidate agrees with everything that was handed in for the row. */
  boolean agrees(RowResult candidate) {
    Score score = new Score();
    judge(candidate, score);
    return score.holds(1);
  }
}
