package dev.assay.data;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * The example of a mechanism with a text in place of made-up tokens: whatever is made of tokens
 * comes from {@link TextEmbedding}, parameters stay as {@link Mechanism#example} draws them.
 *
 * <ul>
 *   <li>{@code q k v}, and those that global tokens have apart, are the embedding's;
 *   <li>{@code x} [1, n, H d] holds the values of all heads side by side: what each token is;
 *   <li>{@code q_index k_index} of an indexer are queries and keys of head 0, all of its heads
 *       counting alike ({@code w_index} of ones).
 * </ul>
 *
 * @param heads H, and H_kv
 * @param depth d and d_v
 * @param seed which tables, and which parameters
 */
public record TextExample(int heads, int depth, int seed) {
  /**
   * The tensors for a text.
   *
   * @param tokens their numbers, at least one
   */
  public SequencedMap<String, Tensor> of(Mechanism mechanism, int[] tokens) {
    SequencedMap<String, Tensor> text = new TextEmbedding(heads, depth, seed).embed(tokens);
    SequencedMap<String, Tensor> tensors =
        mechanism.example(new Example(heads, tokens.length, depth, seed));
    tensors.replaceAll((name, made) -> replaced(name, made, text));
    return tensors;
  }

  private Tensor replaced(String name, Tensor made, SequencedMap<String, Tensor> text) {
    return switch (name) {
      case "q", "k", "v", "q_global", "k_global", "v_global" ->
          Objects.requireNonNull(text.get(name.substring(0, 1)));
      case "x" -> beside(Objects.requireNonNull(text.get("v")));
      case "q_index", "k_index" ->
          ofFirstHead(made.shape(), Objects.requireNonNull(text.get(name.substring(0, 1))));
      case "w_index" -> Tensor.generate(made.shape(), p -> 1);
      default -> made;
    };
  }

  /** [1, H, n, d] as [1, n, H d]. */
  private static Tensor beside(Tensor v) {
    int depth = v.shape().extent(3);
    Shape shape = Shape.of(1, v.shape().extent(2), v.shape().extent(1) * depth);
    return Tensor.generate(
        shape,
        p -> {
          int[] x = shape.index(p);
          return v.at(0, x[2] / depth, x[1], x[2] % depth);
        });
  }

  private static Tensor ofFirstHead(Shape shape, Tensor rows) {
    return Tensor.generate(
        shape,
        p -> {
          int[] x = shape.index(p);
          return rows.at(0, 0, x[2], x[3]);
        });
  }
}
