package dev.assay.gradcheck.mutant;

import static dev.assay.gradcheck.stage.Stage.*;

import dev.assay.check.Require;
import dev.assay.gradcheck.stage.Stage;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The stage that each wrong kernel has wrong. Some faults are of two stages at once, or of one that
 * results cannot tell from another: a tile that is lost when a row is split is a key set that lacks
 * a tile.
 */
final class MutantStages {
  private static final Map<String, Set<Stage>> ALL = new HashMap<>();

  static {
    put(1, 21, MASK);
    put(22, 28, RESCALE);
    put(29, 32, DENOMINATOR);
    put(33, 33, WEIGHTS);
    put(34, 34, EXPONENT);
    put(35, 39, Stage.LSE);
    put(40, 42, LOGITS);
    put(43, 44, BIAS);
    put(45, 46, SOFTCAP);
    put(47, 47, MASK, LOGITS);
    put(48, 49, HEADS);
    put(50, 50, MASK, HEADS);
    put(51, 54, ADDRESS);
    put(55, 57, BIAS, MASK, WEIGHTS);
    put(58, 59, ADDRESS);
    put(60, 69, MASK);
    put(70, 72, RESCALE);
    put(73, 73, Stage.LSE);
    put(74, 74, MASK, RESCALE);
    put(75, 76, RESCALE);
    put(77, 80, DELTA);
    put(81, 81, ADDRESS);
    put(82, 83, BACKWARD_MASK);
    put(84, 85, BACKWARD_WEIGHTS);
    put(86, 86, DV_SUM);
    put(87, 87, DK_SUM);
    put(88, 88, DQ_SUM);
    put(89, 89, DK_SUM);
    put(90, 90, DV_SUM);
    put(91, 91, DBIAS_SUM);
    put(92, 92, DK_SUM);
    put(93, 93, DQ_SUM);
    put(94, 94, DS, SOFTCAP);
    put(95, 95, DP);
    put(96, 96, DV_SUM, WEIGHTS);
    put(97, 98, DK_SUM, DV_SUM, BACKWARD_MASK);
    put(99, 99, WEIGHTS);
    put(100, 100, ROUNDING);
    put(101, 101, Stage.LSE);
    put(102, 102, ROUNDING);
    put(103, 103, DENOMINATOR);
    put(104, 104, VALUES);
    put(105, 105, EXPONENT);
    put(106, 107, LOGITS);
    put(108, 119, SELECTION);
  }

  private MutantStages() {}

  private static void put(int from, int to, Stage first, Stage... others) {
    for (int number = from; number <= to; number++) {
      ALL.put("M%02d".formatted(number), EnumSet.of(first, others));
    }
  }

  /** The stages of a wrong kernel: any of them is a right answer. */
  static Set<Stage> of(String id) {
    Set<Stage> stages = ALL.getOrDefault(id, Set.of());
    Require.state(!stages.isEmpty(), "wrong kernel %s has no stage: add it to the table", id);
    return stages;
  }
}
