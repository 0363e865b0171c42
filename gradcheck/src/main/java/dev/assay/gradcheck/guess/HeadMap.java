package dev.assay.gradcheck.guess;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Query heads read other key heads than floor(h / (H / H_kv)). */
final class HeadMap implements Guess {
  private record Wrong(String text, IntUnaryOperator map) {}

  @Override
  public Optional<String> look(Failure failure) {
    Tensor q = failure.inputs().get("q");
    Tensor k = failure.inputs().get("k");
    if (q == null || k == null || failure.inputs().containsKey("page_table")) {
      return Optional.empty();
    }
    int heads = q.shape().extent(1);
    int kvHeads = k.shape().extent(1);
    if (kvHeads == heads || kvHeads == 1) {
      return Optional.empty();
    }
    List<Wrong> wrong =
        List.of(
            new Wrong("head map h % H_kv instead of floor(h / group)", h -> h % kvHeads),
            new Wrong("every head reads key head 0", _ -> 0));
    for (Wrong each : wrong) {
      if (matches(failure, each, heads, kvHeads)) {
        return Optional.of("the result is that of the " + each.text);
      }
    }
    return Optional.empty();
  }

  private static boolean matches(Failure failure, Wrong wrong, int heads, int kvHeads) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(failure.inputs());
    for (String name : List.of("k", "v", "past_k", "past_v")) {
      inputs.computeIfPresent(name, (_, tensor) -> spread(tensor, heads, wrong.map));
    }
    return failure
        .oracle()
        .results(wrong.text, failure.golden().mechanism(), inputs)
        .map(results -> results.get(failure.tensor()))
        .map(found -> folded(found, failure, wrong.map, heads, kvHeads))
        .map(failure::matches)
        .orElse(false);
  }

  /** Gives every query head a key head of its own. */
  private static Tensor spread(Tensor keys, int heads, IntUnaryOperator map) {
    Shape from = keys.shape();
    Shape to = from.with(1, heads);
    return Tensor.generate(
        to,
        p -> {
          int[] at = to.index(p);
          return keys.at(at[0], map.applyAsInt(at[1]), at[2], at[3]);
        });
  }

  /** Adds the gradients of key heads of one's own up to those of the shared ones. */
  private static Tensor folded(
      Tensor found, Failure failure, IntUnaryOperator map, int heads, int kvHeads) {
    Shape to = failure.compared().golden().shape();
    if (found.shape().equals(to) || to.rank() != 4 || to.extent(1) != kvHeads) {
      return found;
    }
    return Tensor.generate(
        to,
        p -> {
          int[] at = to.index(p);
          double sum = 0;
          for (int h = 0; h < heads; h++) {
            sum += map.applyAsInt(h) == at[1] ? found.at(at[0], h, at[2], at[3]) : 0;
          }
          return sum;
        });
  }
}
