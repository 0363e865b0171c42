package dev.assay.study;

import dev.assay.autograd.Tape;
import dev.assay.engine.ListeningEngine;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one forward of a mechanism costs at a given size: counted, not timed, on what it asks an
 * engine for and on the ops around that, with made-up input. Selections are made on that input.
 *
 * @param pairs query-key pairs of all heads
 * @param attending operations of the attentions
 * @param around operations around them: gates, pooling, projections, feature maps
 * @param lastRow pairs of the last query, all heads together: what decoding the next token reads
 */
public record Cost(double pairs, double attending, double around, double lastRow) {
  /** Depths at which operations are counted; three, for they are a parabola in the depth. */
  private static final int[] DEPTHS = {8, 16, 24};

  /** Operations in all. */
  public double operations() {
    return attending + around;
  }

  /**
   * Counts at small depths and continues to the depth asked for: operations are a polynomial of the
   * depth of degree two at most, the square from projections within heads.
   */
  public static Cost of(Mechanism mechanism, int tokens, int heads, int depth) {
    Cost[] at = new Cost[DEPTHS.length];
    for (int e = 0; e < at.length; e++) {
      at[e] = counted(mechanism, new Example(heads, tokens, DEPTHS[e], 1));
    }
    double[] weights = weights(depth);
    double attending = 0;
    double around = 0;
    for (int e = 0; e < at.length; e++) {
      attending += weights[e] * at[e].attending;
      around += weights[e] * at[e].around;
    }
    return new Cost(at[0].pairs, Math.rint(attending), Math.rint(around), at[0].lastRow);
  }

  /** Lagrange's weights of the three depths. */
  private static double[] weights(int depth) {
    double[] weights = new double[DEPTHS.length];
    for (int e = 0; e < weights.length; e++) {
      weights[e] = 1;
      for (int other : DEPTHS) {
        weights[e] *= other == DEPTHS[e] ? 1 : (double) (depth - other) / (DEPTHS[e] - other);
      }
    }
    return weights;
  }

  /** Counts on an example as it is. */
  static Cost counted(Mechanism mechanism, Example example) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(mechanism.example(example));
    Tape tape = new Tape();
    ListeningEngine engine = new ListeningEngine(Storage.F64);
    mechanism.lower(tape, Inputs.on(tape, mechanism, tensors), engine);
    double pairs = 0;
    double attending = 0;
    double lastRow = 0;
    for (Branch work : engine.asked()) {
      pairs += PairCount.of(work);
      attending += Operations.of(work);
      lastRow += lastRow(work);
    }
    return new Cost(pairs, attending, Operations.around(tape), lastRow);
  }

  private static double lastRow(Branch work) {
    AttentionProblem problem = work.problem();
    if (problem.queries() == 0 || !PairCount.has(work.plan())) {
      return 0;
    }
    double pairs = 0;
    for (int h = 0; h < problem.heads(); h++) {
      pairs += PairCount.ofRow(work, 0, h, problem.queries() - 1);
    }
    return pairs;
  }

  /** Several lengths. */
  public static List<Cost> of(Mechanism mechanism, List<Integer> tokens, int heads, int depth) {
    return tokens.stream().map(n -> of(mechanism, n, heads, depth)).toList();
  }
}
