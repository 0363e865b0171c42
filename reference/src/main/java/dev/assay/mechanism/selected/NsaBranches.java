package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LastRow;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.selected.NativeSparseAttention.Gate;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The three attentions of {@link NativeSparseAttention} on one set of inputs, and their sum {@code
 * g_slc Attn_slc + g_win Attn_win + g_cmp Attn_cmp}.
 */
final class NsaBranches {
  private final NativeSparseAttention nsa;
  private final Inputs inputs;
  private final AttentionProblem problem;
  private final NsaCompression compression;
  private final KeyBlocks blocks;
  private final Var q;
  private final Var compressedKeys;

  NsaBranches(NativeSparseAttention nsa, Inputs inputs) {
    this.nsa = nsa;
    this.inputs = inputs;
    this.problem = problem(inputs.var("k"), inputs.var("v")).causal(nsa.causal()).build();
    this.compression = new NsaCompression(nsa, inputs, problem);
    this.blocks = new KeyBlocks(problem, nsa.selectBlock());
    this.q = GateLayer.orElse(inputs, "q_cmp", "q");
    this.compressedKeys = compression.compress(GateLayer.orElse(inputs, "k_cmp", "k"), 'k');
  }

  private ProblemBuilder problem(Var k, Var v) {
    return Given.problem(inputs, inputs.var("q"), k, v).givenScale(nsa.scale());
  }

  Answer answer(Softmax softmax) {
    Selection selection = selection();
    List<Answer> branches = new ArrayList<>();
    List<Var> gated = new ArrayList<>();
    branches.add(
        softmax.attend(problem, operands("q", "k", inputs.var("v")), selection.pairs(problem)));
    gated.add(gated("g_slc", branches.getLast()));
    branches.add(near(softmax));
    gated.add(gated("g_win", branches.getLast()));
    if (compressedKeys.shape().extent(2) > 0) {
      branches.add(compressed(softmax));
      gated.add(gated("g_cmp", branches.getLast()));
    }
    Var sum = gated.stream().reduce(Ops::add).orElseThrow();
    Var out = Softmax.withoutEmptyRows(sum, branches.toArray(Answer[]::new));
    return new Answer(out, null, Map.of("idx", selection.idx()), selection.margin());
  }

  private Operands operands(String query, String key, Var value) {
    return new Operands(inputs.var(query), inputs.var(key), value, null);
  }

  private Selection selection() {
    Tensor given = inputs.value("idx");
    if (given != null) {
      Shape rows = Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
      return Selection.given(given, rows, 1, blocks);
    }
    return scores().choose();
  }

  private NsaScores scores() {
    return new NsaScores(nsa, compression, blocks, q.value(), compressedKeys.value());
  }

  private Answer near(Softmax softmax) {
    Var k = GateLayer.orElse(inputs, "k_win", "k");
    Var v = GateLayer.orElse(inputs, "v_win", "v");
    return softmax.attend(
        problem(k, v).causal(nsa.causal()).window(window()).build(),
        new Operands(inputs.var("q"), k, v, null),
        Pairs.ALL);
  }

  private Window window() {
    return new Window(nsa.window() - 1, nsa.causal() ? 0 : nsa.window() - 1);
  }

  private Answer compressed(Softmax softmax) {
    Var values = compression.compress(GateLayer.orElse(inputs, "v_cmp", "v"), 'v');
    int memory = compression.memory();
    int slots = compressedKeys.shape().extent(2);
    Tensor mask =
        KeepMask.where(
            Shape.of(problem.batches(), 1, problem.queries(), slots),
            x ->
                blocks.meetsKeys(x[0], x[2])
                    && (x[3] < memory
                        || compression.sees(x[0], blocks.position(x[0], x[2]), x[3] - memory)));
    ProblemBuilder windows =
        AttentionProblem.of(q.value(), compressedKeys.value(), values.value())
            .scale(problem.scale())
            .queryLengths(inputs.integers("q_lens"))
            .mask(mask);
    return softmax.attend(
        windows.build(), new Operands(q, compressedKeys, values, null), Pairs.ALL);
  }

  /** {@code g out}; the gate of a row without keys is not read. */
  private Var gated(String name, Answer branch) {
    Var given = inputs.var(name);
    Require.argument(
        given.shape().equals(problem.lseShape()),
        "%s has shape %s: %s is needed",
        name,
        given.shape(),
        problem.lseShape());
    Var read =
        Ops.select(
            given, KeepMask.where(given.shape(), x -> Softmax.meets(x[0], x[1], x[2], branch)));
    Var factor = nsa.gate() == Gate.SIGMOID ? Ops.sigmoid(read) : read;
    Shape rows = problem.outShape().with(3, 1);
    return Ops.mul(branch.out(), Ops.reshape(factor, rows));
  }

  /** A pair of tokens by the first branch that joins them. */
  Mechanism.Rules rules() {
    Selection selection = selection();
    NsaScores scores = scores();
    LastRow<double[]> rows = new LastRow<>((b, h, i) -> scores.candidates(b, problem.kvHead(h), i));
    AttentionProblem near =
        problem(inputs.var("k"), inputs.var("v")).causal(nsa.causal()).window(window()).build();
    return (b, h, i, j) -> {
      if (KeepMask.exists(problem, b, h, i, j) && selection.has(b, h, i, j, problem.heads())) {
        int block = j / nsa.selectBlock();
        boolean forced = scores.isForced(block, blocks.own(b, i));
        if (forced) {
          return (block < nsa.initial() ? "initial block: " : "local block: ") + block;
        }
        return "selected block: "
            + block
            + (inputs.has("idx") ? "" : ", " + BestScores.place(rows.of(b, h, i), block));
      }
      if (KeepMask.exists(near, b, h, i, j)) {
        return "window: " + Math.abs(blocks.position(b, i) - j) + " away";
      }
      return blocks.meetsKeys(b, i) && isCompressed(b, i, j)
          ? "compressed"
          : Mechanism.NOT_ATTENDED;
    };
  }

  /** Whether a token lies in a window that the query sees. */
  private boolean isCompressed(int b, int i, int j) {
    for (int c = 0; c < compression.windows(); c++) {
      int end = compression.end(c);
      if (j <= end
          && j > end - nsa.compressBlock()
          && compression.sees(b, blocks.position(b, i), c)) {
        return true;
      }
    }
    return false;
  }
}
