package dev.assay.gradcheck.bound;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One number for all bounds of a tensor, by which whoever writes the formulas anew, in another
 * language, sees whether they are the same: the geometric mean, which no element dominates.
 */
public final class BoundMeans {
  private BoundMeans() {}

  /**
   * The geometric means of a case, by id of the class and name of the tensor, over bounds that are
   * positive and finite; a tensor that has none is left out.
   */
  public static SequencedMap<String, SequencedMap<String, Double>> of(GoldenCase golden) {
    Evaluation run = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
    SequencedMap<String, SequencedMap<String, Double>> means = new LinkedHashMap<>();
    for (String id : golden.classes()) {
      SequencedMap<String, Double> tensors = new LinkedHashMap<>();
      SequencedMap<String, Tensor> bounds =
          Bounds.of(run, PrecisionClass.find(id), Declared.NOTHING, Bounds.Reference.PROVEN);
      for (Map.Entry<String, Tensor> one : bounds.entrySet()) {
        double mean = mean(one.getValue());
        if (!Double.isNaN(mean)) {
          tensors.put(one.getKey(), mean);
        }
      }
      means.put(id, tensors);
    }
    return means;
  }

  /** NaN if no bound is positive and finite. */
  private static double mean(Tensor bounds) {
    double sum = 0;
    int counted = 0;
    for (int p = 0; p < bounds.size(); p++) {
      double bound = bounds.get(p);
      if (bound > 0 && bound < Double.POSITIVE_INFINITY) {
        sum += StrictMath.log(bound);
        counted++;
      }
    }
    return counted == 0 ? Double.NaN : StrictMath.exp(sum / counted);
  }
}
