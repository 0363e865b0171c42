package dev.assay.gradcheck.certified;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
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

/**
 * A recorded graph evaluated again, node by node, in an arithmetic of the caller's. Only what the
 * wanted values depend on is computed, and only what is still needed is kept.
 *
 * @param <T> what stands for a tensor
 */
public final class Walk<T> {
  private final Meaning<T> meaning;
  private final Map<Var, T> known = new HashMap<>();
  private final Map<Var, Integer> uses = new HashMap<>();
  private final Set<Var> kept;

  /**
   * What leaves and nodes mean.
   *
   * @param <T> what stands for a tensor
   */
  public interface Meaning<T> {
    /** What stands for the number that a leaf holds. */
    T leaf(Var leaf);

    /** The output of a node, for these inputs in their order. */
    T apply(Node node, List<T> inputs);
  }

  private Walk(Meaning<T> meaning, Collection<Var> wanted) {
    this.meaning = meaning;
    this.kept = Set.copyOf(wanted);
  }

  /** Evaluates what the wanted values depend on. */
  public static <T> Walk<T> of(Tape tape, Collection<Var> wanted, Meaning<T> meaning) {
    Walk<T> walk = new Walk<>(meaning, wanted);
    List<Node> nodes = needed(tape, wanted);
    for (Node node : nodes) {
      node.inputs().forEach(input -> walk.uses.merge(input, 1, Integer::sum));
    }
    nodes.forEach(walk::follow);
    return walk;
  }

  /** What a wanted value is. */
  public T get(Var var) {
    return value(var);
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

  private T value(Var var) {
    T found = known.get(var);
    if (found == null) {
      found = meaning.leaf(var);
      known.put(var, found);
    }
    return found;
  }

  private void follow(Node node) {
    List<T> inputs = new ArrayList<>();
    node.inputs().forEach(input -> inputs.add(value(input)));
    known.put(node.outputs().getFirst(), meaning.apply(node, inputs));
    node.inputs().forEach(this::release);
  }

  private void release(Var input) {
    int left = Objects.requireNonNull(uses.merge(input, -1, Integer::sum));
    if (left == 0 && !kept.contains(input)) {
      known.remove(input);
    }
  }
}
