package dev.assay.train;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Architecture;
import dev.assay.nn.LanguageModel;
import dev.assay.tensor.Philox;
import java.util.List;

/** Sequences that count upwards: a model can learn them quickly. */
final class Counting {
  private static final int VOCABULARY = 6;

  private Counting() {}

  /** The examples of a step. */
  static int[][] batch(int step) {
    Philox generator = new Philox(3, 0, step);
    int[][] ids = new int[4][5];
    for (int b = 0; b < 4; b++) {
      for (int t = 0; t < 5; t++) {
        ids[b][t] = (generator.uniform16(b) + t) % VOCABULARY;
      }
    }
    return ids;
  }

  /** By dense attention. */
  static Objective<int[][]> objective() {
    return objective(Settings.make(Dense.class, Settings.parse(List.of("causal=true"))));
  }

  static Objective<int[][]> objective(Mechanism mechanism) {
    LanguageModel model = new LanguageModel(Architecture.of(mechanism, 1, 8, 2), VOCABULARY, false);
    return (scope, ids) -> {
      int[] targets = new int[20];
      for (int p = 0; p < 20; p++) {
        targets[p] = (ids[p / 5][p % 5] + 1) % VOCABULARY;
      }
      return Loss.crossEntropy(model.logits(scope, ids), targets);
    };
  }

  static Training training() {
    return Training.of(Adam.decoupled(0.01), Schedule.constant(0.01)).withDropout(0.1);
  }
}
