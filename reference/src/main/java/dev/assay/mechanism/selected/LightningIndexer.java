package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/** The indexer of {@link DeepseekSparseAttention} on one set of inputs. */
final class LightningIndexer {
  private final DeepseekSparseAttention dsa;
  private final Inputs inputs;
  private final AttentionProblem problem;
  private final KeyBlocks keys;

  LightningIndexer(DeepseekSparseAttention dsa, Inputs inputs, AttentionProblem problem) {
    this.dsa = dsa;
    this.inputs = inputs;
    this.problem = problem;
    this.keys = new KeyBlocks(problem, 1);
  }

  /** [B, 1, n_q]: all heads meet the same keys. */
  Shape rows() {
    return Shape.of(problem.batches(), 1, problem.queries());
  }

  private Shape pairs() {
    return Shape.of(problem.batches(), 1, problem.queries(), problem.keys());
  }

  /** 1 where a query may meet a key, [B, 1, n_q, n_k]. */
  Tensor keep() {
    return KeepMask.where(pairs(), x -> KeepMask.exists(problem, x[0], 0, x[2], x[3]));
  }

  /** Scores of keys, 0 where there is nothing to choose. */
  Var scores() {
    Var q = inputs.var("q_index");
    Shape shape = q.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == problem.batches()
            && shape.extent(2) == problem.queries(),
        "q_index has shape %s: [%d, H_I, %d, d_I] is needed",
        shape,
        problem.batches(),
        problem.queries());
    int heads = shape.extent(1);
    int depth = shape.extent(3);
    Var k = inputs.var("k_index");
    require("k_index", k, Shape.of(problem.batches(), 1, problem.keys(), depth));
    Var w = inputs.var("w_index");
    require("w_index", w, Shape.of(problem.batches(), heads, problem.queries()));
    int turned = dsa.ropeDim() == 0 ? depth / 2 : dsa.ropeDim();
    Tensor keep = keep();
    Tensor perHead =
        KeepMask.where(keep.shape().with(1, heads), x -> keep.at(x[0], 0, x[2], x[3]) != 0);
    Var dots =
        GateLayer.logits(
            GateLayer.turned(q, dsa.rope(), dsa.theta(), turned, keys::position),
            Softmax.perQueryHead(
                GateLayer.turned(k, dsa.rope(), dsa.theta(), turned, (b, j) -> j), heads),
            perHead,
            1);
    Var read = Ops.select(w, KeepMask.where(w.shape(), x -> x[2] < problem.queryLength(x[0])));
    Var factors =
        Ops.scale(Ops.reshape(read, shape.with(3, 1)), 1 / Math.sqrt((double) heads * depth));
    Var weighted = Ops.mul(Composed.relu(dots), factors);
    return Ops.reshape(Ops.sum(weighted, 1), pairs());
  }

  private static void require(String name, Var found, Shape wanted) {
    Require.argument(
        found.shape().equals(wanted), "%s has shape %s: %s is needed", name, found.shape(), wanted);
  }

  /** The best keys of each query. */
  Selection choose(Tensor scores) {
    TopBlocks top = new TopBlocks();
    return Selection.choose(
        rows(),
        1,
        keys,
        Math.min(dsa.topK(), problem.keys()),
        top,
        (b, g, i) -> top.pick(row(scores, b, i), standing(b, i), dsa.topK()));
  }

  private Standing[] standing(int b, int i) {
    Standing[] standing = TopBlocks.none(problem.keys());
    int[] range = problem.keyRange(b, i);
    Arrays.fill(standing, range[0], range[1], Standing.CANDIDATE);
    return standing;
  }

  private double[] row(Tensor scores, int b, int i) {
    int width = problem.keys();
    double[] row = new double[width];
    Arrays.setAll(row, j -> scores.at(b, 0, i, j));
    return row;
  }

  /** The scores of the keys that a query may meet; -inf for all others. */
  double[] candidates(Tensor scores, int b, int i) {
    return TopBlocks.candidates(row(scores, b, i), standing(b, i));
  }

  /** 1 for selected keys, [B, 1, n_q, n_k]. */
  Tensor selected(Selection selection) {
    Tensor keep = keep();
    return KeepMask.where(
        pairs(), x -> keep.at(x) != 0 && selection.has(x[0], 0, x[2], x[3], problem.heads()));
  }

  /** Weights of dense attention summed over heads, as shares of a row. */
  Tensor target() {
    DenseTeacher teacher = new DenseTeacher(problem);
    int width = problem.keys();
    double[] all = new double[pairs().size()];
    for (int p = 0; p < rows().size(); p++) {
      int[] at = rows().index(p);
      double[] sum = new double[width];
      for (int h = 0; h < problem.heads(); h++) {
        double[] row = teacher.row(at[0], h, at[2]);
        Arrays.setAll(sum, j -> sum[j] + row[j]);
      }
      System.arraycopy(DenseTeacher.normalised(sum, 0), 0, all, p * width, width);
    }
    return Tensor.adopt(pairs(), all);
  }

  /** A target on some keys alone, as shares of what they have together. */
  static Tensor restricted(Tensor target, Tensor keep) {
    int width = Math.max(1, target.shape().extent(3));
    double[] all = new double[target.size()];
    for (int start = 0; start < all.length; start += width) {
      double[] row = new double[width];
      for (int j = 0; j < width; j++) {
        row[j] = keep.get(start + j) * target.get(start + j);
      }
      System.arraycopy(DenseTeacher.normalised(row, 0), 0, all, start, width);
    }
    return Tensor.adopt(target.shape(), all);
  }
}
