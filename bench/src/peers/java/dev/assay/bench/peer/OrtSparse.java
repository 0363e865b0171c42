package dev.assay.bench.peer;

import dev.assay.bench.peer.OnnxModel.Attribute;
import dev.assay.bench.peer.OnnxModel.Element;
import dev.assay.bench.peer.OnnxModel.Port;
import dev.assay.engine.Support;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Causal block plans on {@code com.microsoft::SparseAttention}: self attention over square blocks
 * of 16, 32, 64 or 128 tokens, one layout for each head.
 */
final class OrtSparse {
  /** Outputs that are written into an input's memory. */
  static final Map<String, String> IN_PLACE =
      Map.of("present_key", "past_key", "present_value", "past_value");

  private static final List<Integer> SIZES = List.of(16, 32, 64, 128);

  private OrtSparse() {}

  static Support supports(AttentionProblem p, BlockMask mask) {
    if (!p.causal() || p.queries() != p.keys()) {
      return Support.no("SparseAttention is causal self attention");
    }
    if (p.window() != null || p.mask() != null || p.bias() != null || p.softcap() > 0) {
      return Support.no("SparseAttention takes no window, mask, bias or softcap");
    }
    if (p.valueDepth() != p.depth()) {
      return Support.no("SparseAttention wants d_v = d");
    }
    if (p.depth() % 8 != 0) {
      return Support.no("SparseAttention wants d to be a multiple of 8, not " + p.depth());
    }
    for (int b = 0; b < p.batches(); b++) {
      if (p.offset(b) != 0 || p.keyLength(b) != p.keys() || p.queryLength(b) != p.queries()) {
        return Support.no("SparseAttention is called with full lengths here");
      }
    }
    return layout(p, mask);
  }

  private static Support layout(AttentionProblem p, BlockMask mask) {
    int size = mask.queryBlocks() == 0 ? 0 : mask.queryBound(1);
    if (!SIZES.contains(size)) {
      return Support.no("SparseAttention has blocks of 16, 32, 64 or 128 tokens, not " + size);
    }
    if (mask.maps() != 1 && mask.maps() != p.heads()) {
      return Support.no("SparseAttention has one layout for all batch entries");
    }
    int[] uniform = BlockMask.uniformBounds(p.queries(), size);
    if (mask.queryBlocks() != uniform.length - 1 || mask.keyBlocks() != uniform.length - 1) {
      return Support.no("SparseAttention has square blocks of one size");
    }
    for (int block = 0; block < uniform.length; block++) {
      if (mask.queryBound(block) != uniform[block] || mask.keyBound(block) != uniform[block]) {
        return Support.no("SparseAttention has square blocks of one size");
      }
    }
    for (int map = 0; map < mask.maps(); map++) {
      BlockRows rows = mask.rows(0, map, p.heads());
      if (rows.bits() != null) {
        return Support.no("SparseAttention has no bits within a block");
      }
      for (int row = 0; row < mask.queryBlocks(); row++) {
        if (rows.find(row, row) < 0) {
          return Support.no("SparseAttention wants the diagonal block in every row");
        }
      }
    }
    return Support.YES;
  }

  static Tensor run(AttentionProblem p, BlockMask mask) {
    Tensor packed =
        OrtSession.run(model(p, mask.queryBound(1)), inputs(p, mask), IN_PLACE, packedShape(p));
    return unpacked(packed, p);
  }

  /** The operator's inputs by name. */
  static Map<String, Tensor> inputs(AttentionProblem p, BlockMask mask) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", packed(p.q(), p.batches(), p.heads(), p.queries(), p.depth()));
    inputs.put("k", packed(p.k(), p.batches(), p.kvHeads(), p.keys(), p.depth()));
    inputs.put("v", packed(p.v(), p.batches(), p.kvHeads(), p.keys(), p.depth()));
    // The operator writes keys and values through its cache, which must have room for all of them.
    Shape cache = Shape.of(p.batches(), p.kvHeads(), p.keys(), p.depth());
    inputs.put("past_key", Tensor.adopt(cache, new float[cache.size()]));
    inputs.put("past_value", Tensor.adopt(cache, new float[cache.size()]));
    layouts(p, mask, inputs);
    inputs.put("total", Tensor.of(Shape.of(1), p.keys()));
    inputs.put("lengths", Tensor.full(Shape.of(p.batches()), p.keys()));
    return inputs;
  }

  /** Shape of queries, keys, values and output as these operators want them: heads side by side. */
  static Shape packedShape(AttentionProblem p) {
    return Shape.of(p.batches(), p.queries(), p.heads() * p.depth());
  }

  static OnnxModel model(AttentionProblem p, int blockSize) {
    return new OnnxModel(
        "com.microsoft",
        1,
        "SparseAttention",
        List.of(
            new Port("q", Element.FLOAT, 3),
            new Port("k", Element.FLOAT, 3),
            new Port("v", Element.FLOAT, 3),
            new Port("past_key", Element.FLOAT, 4),
            new Port("past_value", Element.FLOAT, 4),
            new Port("row_ptr", Element.INT32, 2),
            new Port("col_idx", Element.INT32, 2),
            new Port("total", Element.INT32, 1),
            new Port("lengths", Element.INT32, 1)),
        List.of(
            new Port("out", Element.FLOAT, 3),
            new Port("present_key", Element.FLOAT, 4),
            new Port("present_value", Element.FLOAT, 4)),
        List.of(
            new Attribute("num_heads", (long) p.heads()),
            new Attribute("kv_num_heads", (long) p.kvHeads()),
            new Attribute("scale", (float) p.scale()),
            new Attribute("sparse_block_size", (long) blockSize),
            new Attribute("do_rotary", 0L)));
  }

  /**
   * Rows of blocks for each head; blocks after the diagonal are left out, the causal frontier hides
   * them anyway.
   */
  private static void layouts(AttentionProblem p, BlockMask mask, Map<String, Tensor> inputs) {
    int blocks = mask.queryBlocks();
    double[] rowPtr = new double[p.heads() * (blocks + 1)];
    double[] colIdx = new double[p.heads() * blocks * blocks];
    Arrays.fill(colIdx, -1);
    int widest = 0;
    for (int h = 0; h < p.heads(); h++) {
      BlockRows rows = mask.rows(0, h, p.heads());
      int entries = 0;
      for (int row = 0; row < blocks; row++) {
        for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
          if (rows.colIdx()[e] <= row) {
            colIdx[h * blocks * blocks + entries++] = rows.colIdx()[e];
          }
        }
        rowPtr[h * (blocks + 1) + row + 1] = entries;
      }
      widest = Math.max(widest, entries);
    }
    double[] cut = new double[p.heads() * widest];
    for (int h = 0; h < p.heads(); h++) {
      System.arraycopy(colIdx, h * blocks * blocks, cut, h * widest, widest);
    }
    inputs.put("row_ptr", Tensor.adopt(Shape.of(p.heads(), blocks + 1), rowPtr));
    inputs.put("col_idx", Tensor.adopt(Shape.of(p.heads(), widest), cut));
  }

  static Tensor packed(Tensor t, int batches, int heads, int n, int d) {
    float[] from = t.floats();
    float[] to = new float[from.length];
    for (int row = 0; row < batches * heads * n; row++) {
      int b = row / (heads * n);
      int h = row / n % heads;
      int i = row % n;
      System.arraycopy(from, row * d, to, ((b * n + i) * heads + h) * d, d);
    }
    return Tensor.adopt(Shape.of(batches, n, heads * d), to);
  }

  static Tensor unpacked(Tensor packed, AttentionProblem p) {
    float[] from = packed.floats();
    float[] to = new float[from.length];
    int d = p.depth();
    for (int row = 0; row < p.batches() * p.heads() * p.queries(); row++) {
      int b = row / (p.heads() * p.queries());
      int h = row / p.queries() % p.heads();
      int i = row % p.queries();
      System.arraycopy(from, ((b * p.queries() + i) * p.heads() + h) * d, to, row * d, d);
    }
    return Tensor.adopt(p.outShape(), to);
  }
}
