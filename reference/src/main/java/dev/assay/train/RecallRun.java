package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.Architecture;
import dev.assay.nn.Attended;
import dev.assay.nn.Parameters;
import dev.assay.nn.Positions;
import dev.assay.nn.Runner;
import dev.assay.nn.Scope;
import dev.assay.study.Coverage;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.IntConsumer;

/**
 * Trains a small model on {@link Recall} and says how well it recalls: {@code accuracy} on
 * sequences that were not trained on, and {@code density}, the pairs that attention kept there over
 * those of dense attention, where the mechanism has a softmax over the keys.
 *
 * @param task what is recalled
 * @param size of the model
 * @param runner who works the mechanism out
 */
public record RecallRun(Recall task, ModelSize size, Runner runner) {
  private static final int EVALUATED = 64;
  private static final int MEASURED = 4;

  /**
   * Trains and evaluates.
   *
   * @param given further tensors of the mechanism
   * @param watcher is told each step
   */
  public TrainingRecord.Run train(
      Mechanism mechanism, Map<String, Tensor> given, int seed, IntConsumer watcher) {
    Architecture architecture = size.around(mechanism).with(Positions.NONE);
    Objective<Recall.Batch> objective =
        (scope, sequences) ->
            Loss.crossEntropy(
                task.logits(scope, architecture, sequences, given), sequences.targets());
    Parameters parameters = Parameters.drawn(seed);
    Trainer<Recall.Batch> trainer = new Trainer<>(objective, parameters, size.training(runner));
    Course.Outcome outcome =
        size.course().run(trainer, step -> task.draw(size.batch(), seed, step), watcher);
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    // Steps are never negative, so these sequences are new.
    Recall.Batch fresh = task.draw(EVALUATED, seed, -1);
    Scope whole = Scope.of(new Tape(), parameters, runner);
    Tensor logits = task.logits(whole, architecture, fresh, given).value();
    metrics.put("accuracy", Recall.accuracy(logits, fresh));
    Scope few = Scope.of(new Tape(), parameters, runner);
    task.logits(few, architecture, task.draw(MEASURED, seed, -1), given);
    density(few.attended()).ifPresent(density -> metrics.put("density", density));
    return TrainingRecord.Run.of(seed, metrics, outcome, parameters.count());
  }

  /** The mean over layers. */
  private static OptionalDouble density(List<Attended> layers) {
    double sum = 0;
    for (Attended layer : layers) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      layer.inputs().all().forEach((name, var) -> tensors.put(name, var.value()));
      try {
        sum += Coverage.of(layer.mechanism(), tensors, 1, 1).density();
      } catch (IllegalArgumentException withoutSoftmax) {
        return OptionalDouble.empty();
      }
    }
    return OptionalDouble.of(sum / layers.size());
  }
}
