package dev.assay.gradcheck.mutant;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plain kernel, backward: probabilities again from the LSE, a task for each key head, whose
 * sums nobody else touches.
 */
final class PlainBackward {
  private final AttentionProblem problem;
  private final Plan plan;
  private final Lines lines;
  private final Form form;
  private final KernelInputs in;
  private final float[] out;
  private final float[] lse;
  private final float[] dOut;
  private final float[] dLse;
  private final float[] dq;
  private final float[] dk;
  private final float[] dv;

  PlainBackward(
      AttentionProblem problem,
      Plan plan,
      Lines lines,
      Form form,
      Forward forward,
      Tensor dOut,
      @Nullable Tensor dLse) {
    this.problem = problem;
    this.plan = plan;
    this.lines = lines;
    // Two batch entries may share pages, so one thread adds to them.
    this.form = problem.paging() == null ? form : form.threads(1);
    this.in = new KernelInputs(problem, lines.index());
    this.out = forward.out().floats();
    this.lse = Objects.requireNonNull(forward.lse()).floats();
    this.dOut = dOut.floats();
    this.dLse = KernelInputs.floats(dLse);
    this.dq = new float[problem.q().size()];
    this.dk = new float[problem.k().size()];
    this.dv = new float[problem.v().size()];
  }

  Gradients run() {
    int tasks = in.batches * in.kvHeads;
    Tensor bias = problem.bias();
    float[][] dBias = new float[tasks][bias == null ? 0 : bias.size()];
    form.each(tasks, task -> new Head(task, dBias[task]).run());
    Gradients found =
        Gradients.of(
            finished(problem.q().shape(), dq, x -> lines.backward().scaledQ(x, in.scale)),
            finished(problem.k().shape(), dk, x -> lines.backward().scaledK(x, in.scale)),
            finished(problem.v().shape(), dv, x -> x));
    return bias == null ? found : found.and("dbias", finished(bias.shape(), summed(dBias), x -> x));
  }

  private static float[] summed(float[][] parts) {
    float[] sum = new float[parts[0].length];
    for (float[] part : parts) {
      for (int p = 0; p < sum.length; p++) {
        sum[p] += part[p];
      }
    }
    return sum;
  }

  /** What is done to a sum at the end. */
  private interface Last {
    float of(float sum);
  }

  private Tensor finished(Shape shape, float[] sums, Last last) {
    float[] results = new float[sums.length];
    for (int p = 0; p < sums.length; p++) {
      results[p] = lines.softmax().result(last.of(sums[p]), form.storage());
    }
    return Tensor.adopt(shape, results);
  }

  /** All query heads that share a key head. */
  private final class Head {
    private final int b;
    private final int firstHead;
    private final int group;
    private final float[] dBias;
    private final PlainRow row = new PlainRow(in, plan, lines, form);
    private boolean[][] listed = new boolean[0][];
    private int queryBlock;
    private int headOfGroup;
    private float delta;

    Head(int task, float[] dBias) {
      this.group = in.heads / in.kvHeads;
      this.b = task / in.kvHeads;
      this.firstHead = task % in.kvHeads * group;
      this.dBias = dBias;
    }

    void run() {
      for (int h = firstHead; h < firstHead + group; h++) {
        headOfGroup = h - firstHead;
        if (plan instanceof BlockPlan blocks) {
          listed = PlainBlocks.table(blocks.mask(), b, h, in.heads);
        }
        for (int i = 0; i < in.queries; i++) {
          row.load(b, h, i);
          if (plan instanceof BlockPlan blocks) {
            queryBlock = blocks.mask().queryBlock(i);
          }
          int at = in.queryRow(b, h, i);
          if (row.valid() && !lines.backward().empty(lse[at])) {
            delta = delta(at);
            tiles(at);
          }
        }
      }
    }

    private float delta(int at) {
      int from = lines.backward().cotangent(at, in.channels);
      float dot = lines.backward().rowDot(form, dOut, from, out, at * in.channels, in.channels);
      return lines.backward().delta(dot, dLse.length == 0 ? 0 : dLse[at]);
    }

    private void tiles(int at) {
      RowTiles tiles = row.tiles();
      for (int t = 0; t < tiles.tiles(); t++) {
        int tile = form.order() == Form.Order.DESCENDING ? tiles.tiles() - 1 - t : t;
        boolean first = true;
        for (int e = tiles.begin(tile); e < tiles.end(tile); e++) {
          int j = tiles.key(e) - row.firstKey();
          boolean counts = lines.backward().counts(row.allowed(tile, e), j, row.position());
          float s = counts ? row.logit(e) : lines.mask().masked(row, e);
          if (!row.padding(e) && !lines.mask().skips(s)) {
            pair(at, tile, e, s, first);
            first = false;
          }
        }
      }
    }

    private void pair(int at, int tile, int e, float s, boolean first) {
      BackwardLines backward = lines.backward();
      int keyRow = row.keyRow(e);
      int valueAt = in.index.start(keyRow, in.channels);
      int from = backward.cotangent(at, in.channels);
      float keep = row.keep(e);
      float p = backward.again(s, lse[at]);
      float dot = keep == 0 ? 0 : form.dot(dOut, from, in.v, valueAt, in.channels);
      boolean columns =
          !(plan instanceof BlockPlan)
              || in.index.listedBack(listed, queryBlock, row.tiles().column(tile));
      if (keep != 0 && columns) {
        float weight = lines.softmax().stored(backward.dropped(p, keep), form.storage());
        boolean last = row.tiles().key(e) == in.keys - 1;
        for (int c = 0; c < in.channels; c++) {
          dv[valueAt + c] =
              backward.intoV(dv[valueAt + c], weight * dOut[from + c], last, headOfGroup);
        }
      }
      float dS = backward.dS(p, backward.dP(dot, keep), delta);
      if (dBias.length > 0) {
        int to = row.biasPosition(e);
        dBias[to] = backward.intoBias(dBias[to], dS);
      }
      dS = backward.stored(backward.sloped(dS, row.slope(e)), form.storage());
      int queryAt = in.index.start(at, in.depth);
      int keyAt = in.index.start(keyRow, in.depth);
      for (int c = 0; c < in.depth; c++) {
        dq[queryAt + c] = backward.intoQ(dq[queryAt + c], dS * in.k[keyAt + c], first);
        if (columns) {
          dk[keyAt + c] = backward.intoK(dk[keyAt + c], dS * in.q[queryAt + c], headOfGroup);
        }
      }
    }
  }
}
