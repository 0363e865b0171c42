package dev.assay.gradcheck.mutant;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.plan.Ragged;
import dev.assay.plan.Window;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A problem as the arrays and numbers that a kernel is launched with. */
final class KernelInputs {
  final float[] q;
  final float[] k;
  final float[] v;
  final @Nullable Table bias;
  final @Nullable Table mask;
  final @Nullable Table keep;
  final float keepFactor;
  final int batches;
  final int heads;
  final int kvHeads;
  final int queries;
  final int keys;
  final int depth;
  final int channels;
  final float scale;
  final float cap;
  final boolean causal;
  final int left;
  final int right;
  final int[] offsets;
  final int[] queryLengths;
  final int[] keyLengths;
  final @Nullable Ragged ragged;
  final @Nullable Paging paging;
  final IndexLines index;

  KernelInputs(AttentionProblem problem, IndexLines index) {
    this.index = index;
    this.q = problem.q().floats();
    this.k = problem.k().floats();
    this.v = problem.v().floats();
    this.bias = Table.orNull(problem.bias());
    this.mask = Table.orNull(problem.mask());
    this.keep = Table.orNull(problem.dropoutKeep());
    this.keepFactor = (float) (1 / (1 - problem.dropoutRate()));
    this.batches = problem.batches();
    this.heads = problem.heads();
    this.kvHeads = problem.kvHeads();
    this.queries = problem.queries();
    this.keys = problem.keys();
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
    this.scale = (float) problem.scale();
    this.cap = (float) problem.softcap();
    this.causal = problem.causal();
    Window window = problem.window();
    this.left = window == null ? -1 : window.left();
    this.right = window == null ? -1 : window.right();
    this.ragged = problem.ragged();
    this.paging = problem.paging();
    int sequences = ragged == null ? batches : ragged.sequences();
    this.offsets = new int[sequences];
    this.queryLengths = new int[sequences];
    this.keyLengths = new int[sequences];
    for (int s = 0; s < sequences; s++) {
      offsets[s] = problem.offset(s);
      queryLengths[s] = problem.queryLength(s);
      keyLengths[s] = problem.keyLength(s);
    }
  }

  int queryRow(int b, int h, int i) {
    return index.queryRow(b, h, i, heads, queries);
  }

  int keyRow(int b, int h, int j) {
    int kvHead = index.kvHead(h, heads, kvHeads);
    if (paging == null) {
      return index.keyRow(b, kvHead, j, kvHeads, keys);
    }
    int page = index.page(paging.table(), b, j, paging.pageSize());
    return index.pagedRow(page, kvHead, j, kvHeads, paging.pageSize());
  }

  /** Factor of a pair's probability under dropout; 1 without. */
  float keepAt(int b, int h, int i, int j) {
    return keep == null ? 1 : keep.at(index, b, h, i, j) != 0 ? keepFactor : 0;
  }

  static float[] floats(@Nullable Tensor tensor) {
    return tensor == null ? new float[0] : tensor.floats();
  }
}
