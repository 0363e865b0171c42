package dev.assay.nn;

import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The axes of a {@link TensorSpec} as they are written there, {@code [B, H|1, n_q, 2 d]}, for a
 * layer that has to make such a tensor.
 *
 * @param axes what stands between the commas
 */
record TensorAxes(List<String> axes) {
  static TensorAxes of(TensorSpec spec) {
    String text = spec.shape().strip();
    boolean listed = text.startsWith("[") && text.indexOf(']') == text.length() - 1;
    String inside = listed ? text.substring(1, text.length() - 1) : "";
    return new TensorAxes(Arrays.stream(inside.split(",", -1)).map(String::strip).toList());
  }

  /**
   * How a tensor of heads is projected.
   *
   * @param keyHeads whether it has the heads of keys
   * @param ofKeys whether its tokens are the keys
   * @param channels extents behind the tokens
   */
  record Projection(boolean keyHeads, boolean ofKeys, List<Integer> channels) {
    /** Channels of a head. */
    int width() {
      return channels.stream().reduce(1, (a, b) -> a * b);
    }
  }

  /** How to project a differentiated tensor [B, H|H_kv, tokens, ...]; empty if it is none. */
  static Optional<Projection> projection(TensorSpec spec, int depth) {
    List<String> axes = of(spec).axes;
    if (spec.kind() != Kind.INPUT || axes.size() < 3 || !axes.get(0).equals("B")) {
      return Optional.empty();
    }
    String heads = axes.get(1);
    String tokens = axes.get(2);
    boolean known =
        List.of("H", "H_kv").contains(heads) && List.of("n_q", "n_k", "n").contains(tokens);
    List<OptionalInt> channels =
        axes.subList(3, axes.size()).stream()
            .map(axis -> extent(axis, Map.of("d", depth, "d_v", depth)))
            .toList();
    if (!known || channels.stream().anyMatch(OptionalInt::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(
        new Projection(
            heads.equals("H_kv"),
            tokens.equals("n_k"),
            channels.stream().map(OptionalInt::getAsInt).toList()));
  }

  /** Whether it is a sequence of token vectors [B, tokens, width], as gates read them. */
  static boolean isTokens(TensorSpec spec) {
    List<String> axes = of(spec).axes;
    return spec.kind() == Kind.INPUT
        && axes.size() == 3
        && axes.get(0).equals("B")
        && List.of("n_q", "n_k", "n").contains(axes.get(1));
  }

  /** All extents, if the symbols suffice. */
  Optional<int[]> extents(Map<String, Integer> symbols) {
    int[] extents = new int[axes.size()];
    for (int axis = 0; axis < extents.length; axis++) {
      OptionalInt extent = extent(axes.get(axis), symbols);
      if (extent.isEmpty()) {
        return Optional.empty();
      }
      extents[axis] = extent.getAsInt();
    }
    return Optional.of(extents);
  }

  /** Sums of products of numbers and symbols; of alternatives {@code a|b} the first. */
  private static OptionalInt extent(String axis, Map<String, Integer> symbols) {
    String first = axis.split("\\|", -1)[0].strip();
    int sum = 0;
    for (String term : first.split("\\+", -1)) {
      int product = 1;
      for (String factor : term.strip().split("[\\s*]+", -1)) {
        Integer value = factor.matches("\\d{1,9}") ? Integer.valueOf(factor) : symbols.get(factor);
        if (value == null) {
          return OptionalInt.empty();
        }
        product *= value;
      }
      sum += product;
    }
    return OptionalInt.of(sum);
  }
}
