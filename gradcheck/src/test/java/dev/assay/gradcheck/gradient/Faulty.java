package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.op.Primitive;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A primitive whose rule for the first input is spoilt. */
record Faulty(Primitive right, Fault fault) implements Op {
  private static final AtomicInteger CALLS = new AtomicInteger();

  /** What is wrong. */
  enum Fault {
    /** One part in a thousand million too large. */
    SCALED,
    /** The first element that is not 0 is lost. */
    LOST,
    /** The sign is wrong. */
    NEGATED,
    /** There is no cotangent at all. */
    MISSING,
    /** The value is right, but it is a constant to whoever differentiates it again. */
    CONSTANT,
    /** Every call gives other bits. */
    WAVERING
  }

  @Override
  public String name() {
    return "Faulty" + right.name();
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    return right.run(inputs);
  }

  @Override
  public List<@Nullable Var> pullback(Node node, List<@Nullable Var> cotangents) {
    List<@Nullable Var> back = new ArrayList<>(right.pullback(node, cotangents));
    Var first = back.getFirst();
    if (first != null) {
      back.set(0, spoil(first));
    }
    return back;
  }

  private @Nullable Var spoil(Var dx) {
    return switch (fault) {
      case SCALED -> Ops.scale(dx, 1 + 1e-9);
      case LOST -> {
        int first = firstNonZero(dx.value());
        yield Ops.select(dx, Tensor.generate(dx.shape(), p -> p == first ? 0 : 1));
      }
      case NEGATED -> Ops.scale(dx, -1);
      case MISSING -> null;
      case CONSTANT -> Ops.constant(dx.tape(), dx.value());
      case WAVERING -> Ops.scale(dx, 1 + Math.scalb((double) CALLS.incrementAndGet(), -50));
    };
  }

  private static int firstNonZero(Tensor dx) {
    int first = 0;
    while (first < dx.size() - 1 && dx.get(first) == 0) {
      first++;
    }
    return first;
  }

  /** The forward rules of what is inside. */
  static Tensor rule(Op op, List<Tensor> x, Tensor y, List<Tensor> dx) {
    return op instanceof Faulty faulty
        ? faulty.right.jvp(x, y, dx)
        : Tangent.primitive(op, x, y, dx);
  }
}
