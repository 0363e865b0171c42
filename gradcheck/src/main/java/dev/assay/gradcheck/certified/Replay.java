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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Evaluates a recorded graph again, node by node, in balls. A leaf is the exact number that it
 * holds, a constant of an op too: what is enclosed is the value of the graph as it was recorded.
 * Only what the wanted values depend on is computed, and only what is still needed is kept.
 *
 * @param <B> the kind of ball
 */
final class Replay<B extends Ball> {
  private final Arithmetic<B> on;
  private final Evaluator<B> evaluator;
  private final Map<Var, BallTensor<B>> known = new HashMap<>();
  private final Map<Var, Integer> uses = new HashMap<>();
  private final Set<Var> undecided = new HashSet<>();
  private final Set<Var> kept;

  private Replay(Arithmetic<B> on, Functions<B> functions, Collection<Var> wanted) {
    this.on = on;
    this.evaluator = new Evaluator<>(on, functions);
    this.kept = Set.copyOf(wanted);
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
    Replay<B> replay = new Replay<>(on, functions, wanted);
    List<Node> nodes = needed(tape, wanted);
    for (Node node : nodes) {
      node.inputs().forEach(input -> replay.uses.merge(input, 1, Integer::sum));
    }
    nodes.forEach(node -> replay.follow(node, seen));
    return replay;
  }

  /** The enclosure of a wanted value. */
  BallTensor<B> get(Var var) {
    return value(var);
  }

  /** Whether a value depends on a comparison that the balls could not decide. */
  boolean isUndecided(Var var) {
    return undecided.contains(var);
  }

  /** The nodes that the wanted values depend on, in order. */
  static List<Node> needed(Tape tape, Collection<Var> wanted) {
    Set<Var> reached = new HashSet<>(wanted);
    Deque<Node> needed = new ArrayDeque<>();
    for (Node node : tape.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(reached::contains)) {
        reached.addAll(node.inputs());
        needed.addFirst(node);
      }
    }
    return List.copyOf(needed);
  }

  private BallTensor<B> value(Var var) {
    BallTensor<B> found = known.get(var);
    if (found == null) {
      Tensor leaf = var.value();
      found = BallTensor.generate(leaf.shape(), p -> on.of(leaf.get(p)));
      known.put(var, found);
    }
    return found;
  }

  private void follow(Node node, BiConsumer<Node, BallTensor<B>> seen) {
    Require.argument(
        node.op() instanceof Primitive,
        "%s is no primitive: only graphs of primitives can be replayed in balls",
        node.op().name());
    Primitive op = (Primitive) node.op();
    Var output = node.outputs().getFirst();
    List<BallTensor<B>> inputs = new ArrayList<>();
    node.inputs().forEach(input -> inputs.add(value(input)));
    BallTensor<B> y = evaluator.apply(op, inputs, output.shape());
    if (evaluator.wasUndecided() || node.inputs().stream().anyMatch(undecided::contains)) {
      undecided.add(output);
    }
    known.put(output, y);
    seen.accept(node, y);
    node.inputs().forEach(this::release);
  }

  private void release(Var input) {
    int left = Objects.requireNonNull(uses.merge(input, -1, Integer::sum));
    if (left == 0 && !kept.contains(input)) {
      known.remove(input);
    }
  }
}
