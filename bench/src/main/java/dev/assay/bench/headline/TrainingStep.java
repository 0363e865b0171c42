package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Goal.Unit;
import dev.assay.bench.report.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A training step of the attention, forward and backward: hierarchical chunking and head gating,
 * each with the plan that the mechanism itself makes, against dense on the same engine.
 *
 * @param n tokens
 * @param heads heads
 */
record TrainingStep(int n, int heads) implements Experiment {
  private static final String CHUNKED = "chunked";
  private static final String GATED = "gated";

  @Override
  public String id() {
    return "training";
  }

  @Override
  public List<Goal> goals(int threads) {
    String what = "training step, n = %d, against own fused dense: ".formatted(n);
    return List.of(
        Goal.times(Row.RATIO, what + "hierarchical chunking", 3, 5),
        Goal.reported("gate_ratio", what + "half of the heads gated", Unit.TIMES));
  }

  /** The two mechanisms by name. */
  static SequencedMap<String, Recipe> mechanisms() {
    SequencedMap<String, Recipe> recipes = new LinkedHashMap<>();
    recipes.put(CHUNKED, Recipes.chunking(Map.of()));
    recipes.put(GATED, Recipes.headGate());
    return recipes;
  }

  @Override
  public Sample run(Lab lab) {
    SequencedMap<String, Recipe> recipes = mechanisms();
    recipes.put("dense", Recipes.DENSE);
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    int judged = Math.min(n, ShareOfPeak.JUDGED);
    Subject dense = Subject.of(Recipes.DENSE, n, heads);
    recipes.forEach(
        (name, recipe) -> {
          lab.judge(recipe, judged, judged);
          Subject subject = new Subject(recipe.on(dense.work().problem()), dense.dOut());
          tasks.put(name, () -> subject.both(lab.engine()));
        });
    Rounds rounds = lab.time(tasks);
    return new Sample()
        .put(Row.RATIO, rounds.ratio("dense", CHUNKED))
        .put("gate_ratio", rounds.ratio("dense", GATED))
        .put(Row.MILLIS, rounds.millis(CHUNKED))
        .put("gate_millis", rounds.millis(GATED))
        .put("dense_millis", rounds.millis("dense"))
        .put("dense_share", rounds.share("dense", dense.flops(14)))
        .put(Row.PEAK, rounds.peak());
  }
}
