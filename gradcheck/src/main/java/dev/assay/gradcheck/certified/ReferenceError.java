package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.DoubleArithmetic;
import dev.assay.mechanism.Evaluation;
import java.util.EnumMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * By how much the first evaluator errs. An error is counted in units of the last place of the
 * largest magnitude of its tensor, since small elements of a sum with cancellation inherit the
 * errors of large ones.
 *
 * @param results largest error of out, lse and each gradient, by name
 * @param forward largest error of what each stage gives on the way to out and lse, with what it
 *     inherited
 * @param backward the same on the way to the gradients
 * @param values how many results there are
 * @param rounded how many of them are correctly rounded as they are
 */
public record ReferenceError(
    SequencedMap<String, Double> results,
    Map<Stage, Double> forward,
    Map<Stage, Double> backward,
    int values,
    int rounded) {
  /** The errors of a definition: its graph replayed in balls of two doubles. */
  public static ReferenceError of(Evaluation defined) {
    return new Measure<>(new DoubleArithmetic()).of(defined);
  }

  /** The largest of the errors in each place, and counts together. */
  public ReferenceError and(ReferenceError other) {
    TreeMap<String, Double> all = new TreeMap<>(results);
    other.results.forEach((name, error) -> all.merge(name, error, Math::max));
    return new ReferenceError(
        all,
        largest(forward, other.forward),
        largest(backward, other.backward),
        values + other.values,
        rounded + other.rounded);
  }

  private static Map<Stage, Double> largest(Map<Stage, Double> a, Map<Stage, Double> b) {
    Map<Stage, Double> all = new EnumMap<>(Stage.class);
    all.putAll(a);
    b.forEach((stage, error) -> all.merge(stage, error, Math::max));
    return all;
  }
}
