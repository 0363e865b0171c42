package dev.assay.bench.headline;

import dev.assay.bench.PeakMemory;
import dev.assay.bench.ResidentMemory;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Goal.Unit;
import dev.assay.bench.report.Point.Plot;
import java.io.IOException;
import java.util.List;
import java.util.Map.Entry;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a training step of the attention takes beyond its inputs, results included, as the kernel
 * counts it: the two mechanisms and dense, at several lengths.
 *
 * @param n tokens of the goals
 * @param lengths of the plot
 * @param heads heads
 */
record TrainingMemory(int n, List<Integer> lengths, int heads) implements Experiment {
  /** Lengths of the plot are also those of the goals' plot; copies the list. */
  TrainingMemory {
    lengths = List.copyOf(lengths);
  }

  @Override
  public String id() {
    return "training-memory";
  }

  @Override
  public List<Goal> goals(int threads) {
    String what = "peak memory of a training step, n = %d, of own fused dense: ".formatted(n);
    return List.of(
        Goal.reported("chunked_memory", what + "hierarchical chunking", Unit.PERCENT),
        Goal.reported("gated_memory", what + "half of the heads gated", Unit.PERCENT));
  }

  @Override
  public @Nullable String obstacle() {
    return ResidentMemory.known() ? null : "this system does not say how much memory is resident";
  }

  @Override
  public List<String> flags() {
    return PeakMemory.flags();
  }

  @Override
  public Sample run(Lab lab) throws IOException {
    SequencedMap<String, Recipe> recipes = TrainingStep.mechanisms();
    recipes.put("dense", Recipes.DENSE);
    Sample sample = new Sample();
    for (Entry<String, Recipe> recipe : recipes.entrySet()) {
      lab.judge(recipe.getValue(), ShareOfPeak.JUDGED, ShareOfPeak.JUDGED);
      // The compiler's own memory is taken before anything is measured.
      Subject small = Subject.of(recipe.getValue(), ShareOfPeak.JUDGED, 2);
      lab.time(() -> small.both(lab.engine()));
      for (int length : lengths) {
        double mebibytes = added(lab, recipe.getValue(), length);
        sample.plot(Plot.MEMORY, recipe.getKey() + ", forward and backward", length, mebibytes);
      }
      sample.put(recipe.getKey() + "_mib", added(lab, recipe.getValue(), n));
    }
    double dense = sample.values().getOrDefault("dense_mib", 0.0);
    for (String name : TrainingStep.mechanisms().sequencedKeySet()) {
      sample.put(name + "_memory", sample.values().getOrDefault(name + "_mib", 0.0) / dense);
    }
    return sample;
  }

  private double added(Lab lab, Recipe recipe, int length) throws IOException {
    Subject subject = Subject.of(recipe, length, heads);
    return ResidentMemory.added(() -> subject.both(lab.engine()));
  }
}
