package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.nn.Runner;
import java.util.List;

/**
 * How a model is trained.
 *
 * @param optimizer what moves the parameters
 * @param schedule how far
 * @param runner who works the mechanisms out
 * @param clip bound of the norm of all gradients together; 0 for none
 * @param dropout share of dropped numbers
 * @param frozen which parameters do not learn
 * @param auxiliaries terms of the attention layers, weighted
 */
public record Training(
    Optimizer optimizer,
    Schedule schedule,
    Runner runner,
    double clip,
    double dropout,
    Freezing frozen,
    List<Auxiliary> auxiliaries) {
  /** Checks the bound. */
  public Training {
    Require.argument(clip >= 0, "clip is %s: it must be positive, or 0 for none", clip);
    auxiliaries = List.copyOf(auxiliaries);
  }

  /** By ops, gradients clipped at 1, no dropout, nothing frozen, no further terms. */
  public static Training of(Optimizer optimizer, Schedule schedule) {
    return new Training(optimizer, schedule, Runner.naive(), 1, 0, Freezing.none(), List.of());
  }

  /** The same with the mechanisms worked out by another. */
  public Training with(Runner other) {
    return new Training(optimizer, schedule, other, clip, dropout, frozen, auxiliaries);
  }

  /** The same with dropout. */
  public Training withDropout(double rate) {
    return new Training(optimizer, schedule, runner, clip, rate, frozen, auxiliaries);
  }

  /** The same with other parameters frozen. */
  public Training with(Freezing other) {
    return new Training(optimizer, schedule, runner, clip, dropout, other, auxiliaries);
  }

  /** The same with terms of the attention layers. */
  public Training with(Auxiliary... terms) {
    return new Training(optimizer, schedule, runner, clip, dropout, frozen, List.of(terms));
  }
}
