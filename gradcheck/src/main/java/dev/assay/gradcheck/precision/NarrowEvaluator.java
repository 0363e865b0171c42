package dev.assay.gradcheck.precision;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.gradcheck.certified.Walk;
import dev.assay.op.Add;
import dev.assay.op.Broadcast;
import dev.assay.op.Concat;
import dev.assay.op.Detach;
import dev.assay.op.Div;
import dev.assay.op.Exp;
import dev.assay.op.Gather;
import dev.assay.op.Log;
import dev.assay.op.LogSumExp;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.MatMul;
import dev.assay.op.Mul;
import dev.assay.op.Pad;
import dev.assay.op.Permute;
import dev.assay.op.Primitive;
import dev.assay.op.Reshape;
import dev.assay.op.Rotary;
import dev.assay.op.Scale;
import dev.assay.op.ScatterAdd;
import dev.assay.op.Sddmm;
import dev.assay.op.Select;
import dev.assay.op.Shift;
import dev.assay.op.Sigmoid;
import dev.assay.op.Slice;
import dev.assay.op.Spmm;
import dev.assay.op.Sqrt;
import dev.assay.op.Step;
import dev.assay.op.StraightThrough;
import dev.assay.op.Sub;
import dev.assay.op.SumTo;
import dev.assay.op.Tanh;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every primitive means on a machine with narrow numbers. Constants of the graph are rounded
 * to the accumulation format, and so is every result. Discrete choices are those that were
 * recorded: which keys were picked, and whether a threshold was reached.
 */
final class NarrowEvaluator implements Walk.Meaning<Tensor> {
  private final Machine machine;
  private final Rounder on;
  private final Rounder nearest;
  private final NarrowProducts products;
  private final NarrowSoftmax softmaxes;

  /** The weights that were made, for products with values that go block by block. */
  private final Map<Var, Made> made = new HashMap<>();

  /** Weights as they were asked for. */
  private record Made(Tensor scores, Tensor keep) {}

  private NarrowEvaluator(Machine machine, Dice dice) {
    Rounder stored = new Rounder(machine.storage(), machine.rule(), dice);
    this.machine = machine;
    this.on = new Rounder(machine.accumulate(), machine.rule(), dice);
    this.nearest = new Rounder(machine.accumulate(), RoundingRule.NEAREST, dice);
    this.products = new NarrowProducts(machine, stored, on);
    this.softmaxes = new NarrowSoftmax(machine, stored, on);
  }

  /**
   * Evaluates a recorded graph on a machine.
   *
   * @param seed of stochastic rounding
   */
  static Walk<Tensor> replay(Tape tape, Collection<Var> wanted, Machine machine, int seed) {
    return Walk.of(tape, wanted, new NarrowEvaluator(machine, new Dice(seed)));
  }

  @Override
  public Tensor leaf(Var leaf) {
    return nearest.of(leaf.value());
  }

  @Override
  public Tensor apply(Node node, List<Tensor> inputs) {
    Require.argument(
        node.op() instanceof Primitive,
        "%s is no primitive: only graphs of primitives can be replayed in narrow numbers",
        node.op().name());
    Tensor recorded = node.outputs().getFirst().value();
    if (node.op() instanceof MaskedSoftmax softmax && machine.summation().hasBlocks()) {
      made.put(node.outputs().getFirst(), new Made(inputs.getFirst(), softmax.keep()));
    }
    if (node.op() instanceof Spmm sparse) {
      Made weights = made.get(node.inputs().getFirst());
      if (weights != null && weights.keep.bitEquals(sparse.keep())) {
        return softmaxes.attend(weights.scores, weights.keep, inputs.get(1));
      }
    }
    return node.op() instanceof Step ? recorded : apply((Primitive) node.op(), inputs);
  }

  private Tensor apply(Primitive op, List<Tensor> x) {
    Tensor a = x.getFirst();
    return switch (op) {
      case MatMul _ -> products.product(a, x.get(1), _ -> true, _ -> true);
      case Sddmm sampled ->
          products.product(a, x.get(1), p -> sampled.keep().get(p) != 0, _ -> true);
      case Spmm sparse -> products.product(a, x.get(1), _ -> true, p -> sparse.keep().get(p) != 0);
      case MaskedSoftmax softmax -> softmaxes.weights(a, softmax.keep());
      case LogSumExp lse -> softmaxes.logSumExp(a, lse.keep());
      case SumTo sum ->
          products.addUp(a, places(new Broadcast(a.shape()), sum.shape()), sum.shape());
      case ScatterAdd scatter -> scatterAdd(scatter, a);
      case Scale scale -> on.of(new Scale(nearest.of(scale.factor())).forward(x));
      case Shift shift -> on.of(new Shift(nearest.of(shift.offset())).forward(x));
      case Add _, Sub _, Mul _, Div _, Exp _, Log _, Sqrt _, Tanh _, Sigmoid _, Rotary _ ->
          on.of(op.forward(x));
      case Broadcast _,
          Concat _,
          Detach _,
          Gather _,
          Pad _,
          Permute _,
          Reshape _,
          Select _,
          Slice _,
          Step _,
          StraightThrough _ ->
          op.forward(x);
    };
  }

  private Tensor scatterAdd(ScatterAdd op, Tensor x) {
    Shape wide = x.shape().with(op.axis(), op.extent());
    return products.addUp(x, places(new Gather(op.axis(), op.index()), wide), wide);
  }

  /** Where the elements that an op takes from a tensor of this shape stand in it. */
  private static Tensor places(Primitive taking, Shape shape) {
    return taking.forward(List.of(Tensor.generate(shape, p -> p)));
  }
}
