package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Made-up input of any length, to look at a mechanism without having data.
 *
 * @param heads H, and H_kv
 * @param tokens n_q and n_k
 * @param depth d and d_v
 * @param seed which numbers
 */
public record Example(int heads, int tokens, int depth, int seed) {
  /** Checks the sizes. */
  public Example {
    Require.positive(heads, "heads");
    Require.positive(tokens, "n");
    Require.positive(depth, "d");
  }

  /**
   * q, k and v of shape [1, H, n, d]. Keys drift, {@code k_j = 0.9 k_(j-1) + 0.43 e_j}, so that
   * neighbours are alike; a query looks for keys like its own, {@code q_i = 1.5 k_i + e'_i}; values
   * are bell-shaped, as e and e' are. All are rounded to fp32.
   */
  public SequencedMap<String, Tensor> qkv() {
    Shape shape = Shape.of(1, heads, tokens, depth);
    Tensor noise = draw("q", shape, CaseBuilder.UNIT);
    double[] keys = draw("k", shape, CaseBuilder.UNIT).toDoubles();
    for (int p = 0; p < keys.length; p++) {
      if (p / depth % tokens > 0) {
        keys[p] = DType.F32.round(0.9 * keys[p - depth] + 0.43 * keys[p]);
      }
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("q", Tensor.generate(shape, p -> DType.F32.round(1.5 * keys[p] + noise.get(p))));
    tensors.put("k", Tensor.of(shape, keys));
    tensors.put("v", draw("v", shape, CaseBuilder.UNIT));
    return tensors;
  }

  /** A bell-shaped tensor of standard deviation 0.816 * 2^(shift + 16), exact in fp32. */
  public Tensor draw(String name, Shape shape, int shift) {
    Philox generator = new Philox(seed, Case.stream(name), 0);
    return Tensor.generate(
        shape, p -> DType.F32.round(Distribution.BELL.value(generator, p, shift)));
  }
}
