package dev.assay.gradcheck.mutant;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;

/** The plain kernel, forward: row by row, by online softmax over tiles of keys. */
final class PlainForward {
  private final AttentionProblem problem;
  private final Plan plan;
  private final Lines lines;
  private final Form form;
  private final KernelInputs in;
  private final float[] out;
  private final float[] lse;

  PlainForward(AttentionProblem problem, Plan plan, Lines lines, Form form) {
    this.problem = problem;
    this.plan = plan;
    this.lines = lines;
    this.form = form;
    this.in = new KernelInputs(problem, lines.index());
    this.out = new float[problem.outShape().size()];
    this.lse = new float[problem.lseShape().size()];
  }

  Forward run() {
    form.each(in.batches * in.heads, this::head);
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  private void head(int task) {
    PlainRow row = new PlainRow(in, plan, lines, form);
    Partial partial = new Partial(in, lines, form);
    RowJoin join = RowJoin.of(lines, form, in.channels);
    for (int i = 0; i < in.queries; i++) {
      row.load(task / in.heads, task % in.heads, i);
      int to = in.queryRow(task / in.heads, task % in.heads, i);
      int splits = row.valid() ? form.splits() : 1;
      join.reset();
      for (int s = 0; s < splits; s++) {
        partial.reset();
        int tiles = row.valid() ? row.tiles().tiles() : 0;
        int begin = lines.join().splitBegin(tiles, splits, s);
        int end = lines.join().splitBegin(tiles, splits, s + 1);
        for (int t = begin; t < end; t++) {
          partial.absorb(row, form.order() == Form.Order.DESCENDING ? begin + end - 1 - t : t);
        }
        join.add(partial.max(), partial.sum(), partial::acc);
      }
      join.into(out, to * in.channels);
      lse[to] = join.lse();
    }
  }
}
