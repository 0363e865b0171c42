package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * {@code F A^+ (G V)} around landmarks that are means of tokens, as three softmax attentions:
 * landmark queries over all keys give G V, landmark queries over landmark keys with unit vectors
 * for values give A, and all queries over landmark keys with {@code A^+ (G V)} for values give the
 * output.
 *
 * @param problem lengths and scale
 * @param ofQueries weights [B, H, m, n] of the means of queries; a row of 0 is no landmark
 * @param ofKeys the same of keys
 * @param allQueries whether queries behind the length are rows like others
 */
record Nystrom(AttentionProblem problem, Tensor ofQueries, Tensor ofKeys, boolean allQueries) {

  /**
   * The output [B, H, n, d_v].
   *
   * @param given q, k and v of H heads each, with 0 behind the lengths
   * @param softmax who runs the attentions
   * @param inverse how A is inverted
   */
  Var attend(Operands given, Softmax softmax, PseudoInverse inverse) {
    Var queries = Ops.matMul(Ops.constant(given.q().tape(), ofQueries), given.q());
    Var keys = Ops.matMul(Ops.constant(given.q().tape(), ofKeys), given.k());
    Tensor rows = exist(ofQueries, true);
    Tensor columns = exist(ofKeys, false);
    int[] queryLengths = allQueries ? null : lengths(true);

    Operands gathering = new Operands(queries, given.k(), given.v(), null);
    Var gathered = run(softmax, gathering, start(gathering).mask(rows).keyLengths(lengths(false)));

    Shape square = keys.shape().with(3, keys.shape().extent(2));
    Var units = Ops.constant(keys.tape(), PseudoInverse.identity(square));
    Operands among = new Operands(queries, keys, units, null);
    Tensor both =
        KeepMask.where(
            square, x -> rows.at(x[0], x[1], x[2], 0) != 0 && columns.at(x[0], x[1], 0, x[3]) != 0);
    Var a = run(softmax, among, start(among).mask(both));

    Var values = Ops.matMul(inverse.of(a), gathered);
    Operands spreading = new Operands(given.q(), keys, values, null);
    return run(softmax, spreading, start(spreading).mask(columns).queryLengths(queryLengths));
  }

  private ProblemBuilder start(Operands x) {
    return AttentionProblem.of(x.q().value(), x.k().value(), x.v().value()).scale(problem.scale());
  }

  private static Var run(Softmax softmax, Operands operands, ProblemBuilder builder) {
    return softmax.attend(builder.build(), operands, Pairs.ALL).out();
  }

  private int[] lengths(boolean queries) {
    int[] lengths = new int[problem.batches()];
    for (int b = 0; b < lengths.length; b++) {
      lengths[b] = queries ? problem.queryLength(b) : problem.keyLength(b);
    }
    return lengths;
  }

  /** 1 for a landmark that exists: for means of queries [B, H, m, 1], of keys [B, H, 1, m]. */
  private Tensor exist(Tensor weights, boolean ofRows) {
    Shape shape = weights.shape();
    int n = shape.extent(3);
    Tensor found =
        Tensor.generate(
            shape.with(3, 1),
            landmark -> {
              boolean any = false;
              for (int j = 0; j < n; j++) {
                any |= weights.get(landmark * n + j) != 0;
              }
              return any ? 1 : 0;
            });
    int m = shape.extent(2);
    return ofRows ? found : found.reshape(shape.with(2, 1).with(3, m));
  }
}
