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
  private static final List<String> TOKENS = List.of("n_q", "n_k", "n");

  static TensorAxes of(TensorSpec spec) {
    String text = spec.shape().strip();
    boolean listed = text.startsWith("[") && text.indexOf(']') == text.length() - 1;
    String inside = listed ? text.substring(1, text.length() - 1) : "";
    return new TensorAxes(Arrays.stream(inside.split(",", -1)).map(String::strip).toList());
  }

  /** Whether it is a differentiated tensor of heads and tokens, [B, heads, tokens, ...]. */
  static boolean isHeads(TensorSpec spec) {
    List<String> axes = of(spec).axes;
    return spec.kind() == Kind.INPUT
        && axes.size() >= 3
        && axes.get(0).equals("B")
        && TOKENS.contains(axes.get(2))
        && axes.stream().skip(3).noneMatch(TOKENS::contains);
  }

  /** Whether it has channels and nothing to choose: queries, keys, values and their like. */
  boolean isPlain() {
    return axes.size() > 3 && axes.stream().noneMatch(axis -> axis.contains("|"));
  }

  /** Whether it is a sequence of token vectors [B, tokens, width], as routers read them. */
  static boolean isTokens(TensorSpec spec) {
    List<String> axes = of(spec).axes;
    return spec.kind() == Kind.INPUT
        && axes.size() == 3
        && axes.get(0).equals("B")
        && TOKENS.contains(axes.get(1));
  }

  /** Whether the tokens of {@link #isHeads} or {@link #isTokens} are the keys. */
  static boolean ofKeys(TensorSpec spec) {
    return of(spec).axes.contains("n_k");
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
