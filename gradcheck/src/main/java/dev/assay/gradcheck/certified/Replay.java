package dev.assay.gradcheck.certified;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Functions;
import dev.assay.op.Primitive;
import dev.assay.tensor.Tensor;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A recorded graph evaluated again in balls. A leaf is the exact number that it holds, a constant
 * of an op too: what is enclosed is the value of the graph as it was recorded.
 *
 * @param <B> the kind of ball
 */
final class Replay<B extends Ball> implements Walk.Meaning<BallTensor<B>> {
  private final Arithmetic<B> on;
  private final Evaluator<B> evaluator;
  private final BiConsumer<Node, BallTensor<B>> seen;
  private final Set<Var> undecided = new HashSet<>();
  private final Walk<BallTensor<B>> walk;

  private Replay(
      Arithmetic<B> on,
      Functions<B> functions,
      Tape tape,
      Collection<Var> wanted,
      BiConsumer<Node, BallTensor<B>> seen) {
    this.on = on;
    this.evaluator = new Evaluator<>(on, functions);
    this.seen = seen;
    this.walk = Walk.of(tape, wanted, this);
  }

  /**
   * Replays what the wanted values depend on.
   *
   * @param seen is told the output of every node that is computed
   */
  static <B extends Ball> Replay<B> of(
      Arithmetic<B> on,
      Functions<B> functions,
      Tape tape,
      Collection<Var> wanted,
      BiConsumer<Node, BallTensor<B>> seen) {
    return new Replay<>(on, functions, tape, wanted, seen);
  }

  /** The enclosure of a wanted value. */
  BallTensor<B> get(Var var) {
    return walk.get(var);
  }

  /** Whether a value depends on a comparison that the balls could not decide. */
  boolean isUndecided(Var var) {
    return undecided.contains(var);
  }

  @Override
  public BallTensor<B> leaf(Var leaf) {
    Tensor value = leaf.value();
    return BallTensor.generate(value.shape(), p -> on.of(value.get(p)));
  }

  @Override
  public BallTensor<B> apply(Node node, List<BallTensor<B>> inputs) {
    Require.argument(
        node.op() instanceof Primitive,
        "%s is no primitive: only graphs of primitives can be replayed in balls",
        node.op().name());
    Var output = node.outputs().getFirst();
    BallTensor<B> y = evaluator.apply((Primitive) node.op(), inputs, output.shape());
    if (evaluator.wasUndecided() || node.inputs().stream().anyMatch(undecided::contains)) {
      undecided.add(output);
    }
    seen.accept(node, y);
    return y;
  }
}
