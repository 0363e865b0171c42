package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the reasons for which a pattern holds a pair: its content, its nearness, a global key.
 *
 * @param name what rules call it
 * @param hard 1 where it selects, [B, H, R, C]
 * @param soft the gate m in (0, 1) that {@code hard} is the threshold of, in the same shape
 */
record Level(String name, Tensor hard, Var soft) {
  /** A level that is not learned. */
  static Level fixed(String name, Tensor hard, Var like) {
    return new Level(name, hard, Ops.constant(like.tape(), hard));
  }

  /** The union: 1 where one of the levels selects. */
  static Tensor any(List<Level> levels) {
    Shape shape = levels.getFirst().hard().shape();
    return KeepMask.where(shape, x -> levels.stream().anyMatch(l -> l.hard().at(x) != 0));
  }

  /** The union of the gates, their maximum; the gradient goes to the first of equals. */
  static Var largest(List<Level> levels) {
    List<Var> gates = levels.stream().map(Level::soft).toList();
    int[] winners = new int[gates.getFirst().shape().size()];
    for (int p = 0; p < winners.length; p++) {
      for (int l = 1; l < gates.size(); l++) {
        boolean larger = gates.get(l).value().get(p) > gates.get(winners[p]).value().get(p);
        winners[p] = larger ? l : winners[p];
      }
    }
    List<Var> parts = new ArrayList<>();
    for (int l = 0; l < gates.size(); l++) {
      int level = l;
      Tensor wins = Tensor.generate(gates.get(l).shape(), p -> winners[p] == level ? 1 : 0);
      parts.add(Ops.select(gates.get(l), wins));
    }
    return parts.stream().reduce(Ops::add).orElseThrow();
  }
}
