package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
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
    watch(few.attended(), parameters, metrics);
    return TrainingRecord.Run.of(seed, metrics, outcome, parameters.count());
  }

  /** Entropy and spectral norm of each head and layer, by which collapse would be seen. */
  private void watch(
      List<Attended> layers, Parameters parameters, SequencedMap<String, Double> metrics) {
    for (int layer = 0; layer < layers.size(); layer++) {
      Attended run = layers.get(layer);
      List<AttentionRows> softmaxes =
          Observation.of(run.mechanism(), tensors(run)).softmaxes().stream()
              .filter(rows -> rows.heads() == size.heads())
              .toList();
      double[] entropies = softmaxes.isEmpty() ? new double[0] : Telemetry.entropy(softmaxes);
      for (int h = 0; h < entropies.length; h++) {
        metrics.put("entropy.%d.%d".formatted(layer, h), entropies[h]);
      }
      Tensor queries = parameters.values().get(run.layer() + ".w_q");
      double[] norms =
          queries == null ? new double[0] : Telemetry.spectralNorms(queries, size.heads());
      for (int h = 0; h < norms.length; h++) {
        metrics.put("norm.%d.%d".formatted(layer, h), norms[h]);
      }
    }
  }

  private static Map<String, Tensor> tensors(Attended layer) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    layer.inputs().all().forEach((name, var) -> tensors.put(name, var.value()));
    return tensors;
  }

  /** The mean over layers. */
  private static OptionalDouble density(List<Attended> layers) {
    double sum = 0;
    for (Attended layer : layers) {
      try {
        sum += Coverage.of(layer.mechanism(), tensors(layer)).all().density();
      } catch (IllegalArgumentException withoutSoftmax) {
        return OptionalDouble.empty();
      }
    }
    return OptionalDouble.of(sum / layers.size());
  }
}
