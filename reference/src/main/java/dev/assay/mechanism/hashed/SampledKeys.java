package dev.assay.mechanism.hashed;

import dev.assay.check.Require;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.hashed.Informer.Sample;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** The table of sampled keys of an {@link Informer}: one row for each query, for all heads. */
final class SampledKeys {
  private static final long WORDS = 1L << 32;

  private SampledKeys() {}

  /**
   * Draws with replacement, evenly over the keys that the sample may come from; a row without any
   * holds -1.
   */
  static Tensor draw(Informer settings, AttentionProblem problem) {
    int size = settings.some(problem.keys());
    Philox generator = new Philox(settings.seed(), Case.stream("sampled"), 0);
    int ahead = problem.keys() - problem.queries();
    boolean visible = settings.causal() && settings.sample() == Sample.VISIBLE;
    return Tensor.generate(
        Shape.of(problem.queries(), size),
        p -> {
          int i = p / size;
          int end = visible ? Math.clamp(i + (long) ahead + 1, 0, problem.keys()) : problem.keys();
          long word = Integer.toUnsignedLong(generator.words(p)[0]);
          return end == 0 ? -1 : word * end / WORDS;
        });
  }

  /**
   * As given.
   *
   * @throws IllegalArgumentException if it has not a row for each query, or lists what is no key
   */
  static Tensor given(Tensor sampled, AttentionProblem problem) {
    Shape shape = sampled.shape();
    Require.argument(
        shape.rank() == 2 && shape.extent(0) == problem.queries(),
        "sampled has shape %s: [%d, any] is needed",
        shape,
        problem.queries());
    for (int p = 0; p < sampled.size(); p++) {
      double key = sampled.get(p);
      Require.argument(
          key == -1 || (key == Math.rint(key) && key >= 0 && key < problem.keys()),
          "sampled holds %s: keys lie in 0..%d; -1 stands for none",
          key,
          problem.keys() - 1);
    }
    return sampled;
  }
}
