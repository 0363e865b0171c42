package dev.assay.data;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Turns text into queries, keys and values by fixed random tables, so that a mechanism can be
 * watched on real text without a trained model. A token is a byte, or any number.
 *
 * <p>The tables make every head an induction head (Olsson et al., "In-context learning and
 * induction heads", 2022): with rows A[token] and B[token] of bell-shaped numbers,
 *
 * <pre>
 * q_i = A[x_i] + B[x_(i-1)]        what stands here
 * k_j = A[x_(j-1)] + B[x_(j-2)]    what stood before j
 * v_j = C[x_j]                     what j is
 * </pre>
 *
 * so that a query looks for places that followed the same two tokens as it is itself the second of.
 * Tokens before the text count as 0. The tables differ by head.
 *
 * @param heads number of heads H
 * @param depth channels d of q, k and v
 * @param seed which tables
 */
public record TextEmbedding(int heads, int depth, int seed) {
  private static final int A = 1;
  private static final int B = 2;
  private static final int C = 3;

  /** Checks the sizes. */
  public TextEmbedding {
    Require.positive(heads, "heads");
    Require.positive(depth, "d");
  }

  /**
   * q, k and v of shape [1, H, n, d] for a text of n bytes; numbers are exact in fp32.
   *
   * @throws IllegalArgumentException if the text is empty
   */
  public SequencedMap<String, Tensor> embed(byte[] text) {
    int[] tokens = new int[text.length];
    Arrays.setAll(tokens, i -> text[i] & 0xFF);
    return embed(tokens);
  }

  /**
   * q, k and v of shape [1, H, n, d] for n tokens by their numbers, at least 0.
   *
   * @throws IllegalArgumentException if there are none
   */
  public SequencedMap<String, Tensor> embed(int[] text) {
    Require.argument(text.length > 0, "the text is empty: at least one token is needed");
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "q", each(text, (h, i, c) -> row(A, h, at(text, i), c) + row(B, h, at(text, i - 1), c)));
    tensors.put(
        "k",
        each(text, (h, j, c) -> row(A, h, at(text, j - 1), c) + row(B, h, at(text, j - 2), c)));
    tensors.put("v", each(text, (h, j, c) -> row(C, h, at(text, j), c)));
    return tensors;
  }

  private interface Element {
    double at(int head, int token, int channel);
  }

  private Tensor each(int[] text, Element element) {
    int n = text.length;
    return Tensor.generate(
        Shape.of(1, heads, n, depth),
        p -> DType.F32.round(element.at(p / (n * depth), p / depth % n, p % depth)));
  }

  private double row(int table, int head, int token, int channel) {
    Philox generator = new Philox(seed, table, head);
    return Distribution.BELL.value(generator, (long) token * depth + channel, -16);
  }

  private static int at(int[] text, int i) {
    return i < 0 ? 0 : text[i];
  }
}
