package dev.assay.train;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/** What a model is told to make small: each a scalar, natural logarithms. */
public final class Loss {
  /** A target that does not count. */
  public static final int IGNORED = -1;

  private Loss() {}

  /**
   * {@code mean over counted rows of (log sum_c e^(x_c) - x_target)}.
   *
   * @param logits [..., classes]
   * @param targets a class for each row, or {@link #IGNORED}; at least one counts
   */
  public static Var crossEntropy(Var logits, int[] targets) {
    int classes = logits.shape().extent(-1);
    int rows = logits.shape().size() / Math.max(1, classes);
    Require.argument(
        targets.length == rows, "%d targets for %d rows of logits", targets.length, rows);
    int[] counted = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (targets[row] != IGNORED) {
        Require.index(targets[row], classes, "a target");
        counted[count++] = row;
      }
    }
    Require.argument(count > 0, "no target counts: at least one must not be %d", IGNORED);
    int[] kept = Arrays.copyOf(counted, count);
    Var flat = Ops.reshape(logits, Shape.of(rows, classes));
    Var chosen = count == rows ? flat : Ops.gather(flat, 0, kept);
    int[] places = new int[count];
    for (int row = 0; row < count; row++) {
      places[row] = row * classes + targets[kept[row]];
    }
    Var hit = Ops.gather(Ops.reshape(chosen, Shape.of(count * classes)), 0, places);
    Var all = Ops.logSumExp(chosen, Tensor.full(Shape.of(count, classes), 1));
    return mean(Ops.sub(Ops.reshape(all, Shape.of(count)), hit));
  }

  /**
   * What a student learns from a teacher's answers: {@code T^2 mean over rows of KL(softmax(t / T)
   * || softmax(x / T))}; the factor keeps the size of the gradient as T grows. Hinton, Vinyals and
   * Dean, "Distilling the knowledge in a neural network" (2015).
   *
   * @param logits x [..., classes]
   * @param teacher t in the same shape
   * @param temperature T, positive
   */
  public static Var distilled(Var logits, Tensor teacher, double temperature) {
    Require.argument(
        logits.shape().equals(teacher.shape()),
        "the student's logits have shape %s, the teacher's %s: they must agree",
        logits.shape(),
        teacher.shape());
    Require.argument(
        temperature > 0 && Double.isFinite(temperature),
        "temperature is %s: it must be positive",
        temperature);
    Tensor all = Tensor.full(teacher.shape(), 1);
    Var softened = Ops.scale(logits, 1 / temperature);
    Var target = Ops.scale(Ops.constant(logits.tape(), teacher), 1 / temperature);
    Var p = Ops.maskedSoftmax(target, all);
    Var difference = Ops.sub(logOf(target, all), logOf(softened, all));
    double rows = Math.max(1, (double) teacher.size() / Math.max(1, teacher.shape().extent(-1)));
    Var sum = Ops.sumTo(Ops.mul(Ops.detach(p), difference), Shape.of());
    return Ops.scale(sum, temperature * temperature / rows);
  }

  private static Var logOf(Var logits, Tensor all) {
    Var lse = Ops.reshape(Ops.logSumExp(logits, all), logits.shape().with(-1, 1));
    return Ops.sub(logits, lse);
  }

  /** {@code mean (x - y)^2}. */
  public static Var squaredError(Var x, Tensor y) {
    Var difference = difference(x, y);
    return mean(Ops.mul(difference, difference));
  }

  /** {@code mean |x - y|}, with slope 0 at 0. */
  public static Var absoluteError(Var x, Tensor y) {
    Var difference = difference(x, y);
    return mean(Ops.add(Composed.relu(difference), Composed.relu(Ops.scale(difference, -1))));
  }

  private static Var difference(Var x, Tensor y) {
    Require.argument(
        x.shape().equals(y.shape()), "the prediction is %s and the truth %s", x.shape(), y.shape());
    return Ops.sub(x, Ops.constant(x.tape(), y));
  }

  /** The mean of all elements, a scalar. */
  public static Var mean(Var x) {
    return Ops.scale(Ops.sumTo(x, Shape.of()), 1.0 / Math.max(1, x.shape().size()));
  }
}
