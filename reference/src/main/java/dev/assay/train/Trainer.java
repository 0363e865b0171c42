package dev.assay.train;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.nn.Attended;
import dev.assay.nn.Parameters;
import dev.assay.nn.Scope;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Trains a model, a batch at a time. Its whole state is the parameters, what the optimiser
 * remembers, and the number of steps; batches and dropout are functions of that number, so that a
 * run that goes on from a {@link Checkpoint} has the bits of one that was never interrupted.
 *
 * @param <B> the batches
 */
public final class Trainer<B> {
  private final Objective<B> objective;
  private final Parameters parameters;
  private final Training training;
  private int steps;

  /** At the beginning. */
  public Trainer(Objective<B> objective, Parameters parameters, Training training) {
    this(objective, parameters, training, 0);
  }

  /** Behind so many steps; the optimiser remembers them already. */
  public Trainer(Objective<B> objective, Parameters parameters, Training training, int steps) {
    this.objective = objective;
    this.parameters = parameters;
    this.training = training;
    this.steps = Require.notNegative(steps, "steps");
  }

  /** Steps so far. */
  public int steps() {
    return steps;
  }

  /** The parameters as they are now. */
  public Parameters parameters() {
    return parameters;
  }

  /** How it trains. */
  public Training training() {
    return training;
  }

  /**
   * One step.
   *
   * @return the loss before it, further terms included
   */
  public double step(B batch) {
    Scope.Dropout dropout = new Scope.Dropout(training.dropout(), parameters.seed(), steps);
    Scope scope = Scope.of(new Tape(), parameters, training.runner(), dropout);
    Var loss = withTerms(objective.loss(scope, batch), scope.attended());
    SequencedMap<String, Tensor> gradients = gradients(loss, scope);
    if (training.clip() > 0) {
      gradients = Clipping.clip(gradients, training.clip());
    }
    training.optimizer().step(parameters, gradients, training.schedule().rate(steps));
    steps++;
    return loss.value().get(0);
  }

  private Var withTerms(Var loss, List<Attended> layers) {
    Var sum = loss;
    for (Auxiliary auxiliary : training.auxiliaries()) {
      for (Attended layer : layers) {
        sum = Ops.add(sum, Ops.scale(auxiliary.term(layer), 1.0 / layers.size()));
      }
    }
    return sum;
  }

  private SequencedMap<String, Tensor> gradients(Var loss, Scope scope) {
    List<String> names = new ArrayList<>(scope.leaves().keySet());
    names.removeIf(training.frozen());
    List<Var> leaves = names.stream().map(scope.leaves()::get).toList();
    Var one = loss.tape().leaf("one", Tensor.full(Shape.of(), 1));
    List<Var> found = Gradient.of(List.of(loss), List.of(one), leaves);
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    for (int p = 0; p < names.size(); p++) {
      gradients.put(names.get(p), found.get(p).value());
    }
    return gradients;
  }

  /** The loss of a batch without a step, dropout and further terms. */
  public double loss(B batch) {
    Scope scope = Scope.of(new Tape(), parameters, training.runner());
    return objective.loss(scope, batch).value().get(0);
  }
}
