package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which tokens are global.
 *
 * @param marked by batch entry, or one set for all
 */
record GlobalTokens(List<BitSet> marked) {
  /** As given in {@code global}; none if nothing was given. */
  static GlobalTokens of(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.truths("global");
    if (given == null) {
      return new GlobalTokens(List.of(new BitSet()));
    }
    Shape shape = given.shape();
    int tokens = problem.queries();
    Require.argument(
        shape.rank() == 2 && shape.broadcastsOver(problem.batches()) && shape.extent(1) == tokens,
        "global has shape %s: [%d or 1, %d] is needed, a mark for each token",
        shape,
        problem.batches(),
        tokens);
    List<BitSet> marked = new ArrayList<>();
    for (int b = 0; b < shape.extent(0); b++) {
      BitSet set = new BitSet(tokens);
      for (int token = 0; token < tokens; token++) {
        set.set(token, given.at(b, token) != 0);
      }
      marked.add(set);
    }
    return new GlobalTokens(marked);
  }

  /** Whether a token is global. */
  boolean is(int b, int token) {
    return set(b).get(token);
  }

  /** The global tokens of a batch entry, ascending. */
  IntStream of(int b) {
    return set(b).stream();
  }

  private BitSet set(int b) {
    return marked.get(byBatch() ? b : 0);
  }

  /** Whether no batch entry has any. */
  boolean none() {
    return marked.stream().allMatch(BitSet::isEmpty);
  }

  /** Whether batch entries differ. */
  boolean byBatch() {
    return marked.size() > 1;
  }
}
