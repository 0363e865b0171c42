package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.gradcheck.suite.Drawn.Piece;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A case that is too large to store: its inputs are drawn, and of its results some rows are
 * expected.
 *
 * @param golden the case: its inputs are those that lie in the file, what it expects are the rows
 *     of {@link GoldenCase#samples}
 * @param drawn the inputs that are drawn, by name
 * @param digests SHA-256 of the bytes of the inputs that lie in the file, by name
 * @param pieces parts of the drawn inputs with their digests, by name
 */
public record RecipeCase(
    GoldenCase golden,
    SequencedMap<String, Drawn> drawn,
    Map<String, String> digests,
    Map<String, List<Piece>> pieces) {
  /** The family of these cases, and the folder in which they lie. */
  public static final String FAMILY = "regen";

  private static final int TOKENS = 2;
  private static final int RANK = 4;

  /** Checks that the samples lie within the results. */
  public RecipeCase {
    Require.argument(
        golden.samples() != null && drawn.keySet().containsAll(List.of("q", "k", "v")),
        "recipe %s must draw q, k and v, and name samples",
        golden.name());
    for (String name : List.of("q", "k", "v")) {
      List<Integer> shape = Objects.requireNonNull(drawn.get(name)).shape();
      Require.argument(
          shape.size() == RANK,
          "recipe %s draws %s with extents %s: 4 are needed",
          golden.name(),
          name,
          shape);
    }
    Samples samples = Objects.requireNonNull(golden.samples());
    for (String result : golden.expect().sequencedKeySet()) {
      List<Integer> whole = whole(golden, drawn, result);
      for (List<Integer> row : samples.of(result)) {
        Require.argument(
            row.get(0) < whole.get(0) && row.get(1) < whole.get(1) && row.get(2) < whole.get(2),
            "recipe %s samples row %s of %s, whose extents are %s",
            golden.name(),
            row,
            result,
            whole);
      }
      List<Integer> shape =
          Arrays.stream(tensor(golden, result).shape().toArray()).boxed().toList();
      Require.argument(
          shape.equals(samples.shape(result, whole)),
          "recipe %s expects %s of extents %s for samples of %s",
          golden.name(),
          result,
          shape,
          samples.shape(result, whole));
    }
  }

  /** Which rows of the results are expected. */
  public Samples samples() {
    return Objects.requireNonNull(golden.samples());
  }

  /** A drawn input. */
  public Drawn draw(String name) {
    return Objects.requireNonNull(drawn.get(name), name);
  }

  /** The extents of a whole result. */
  public List<Integer> whole(String result) {
    return whole(golden, drawn, result);
  }

  private static List<Integer> whole(GoldenCase golden, Map<String, Drawn> drawn, String result) {
    List<Integer> q = Objects.requireNonNull(drawn.get("q")).shape();
    List<Integer> v = Objects.requireNonNull(drawn.get("v")).shape();
    return switch (result) {
      case "out" -> List.of(q.get(0), q.get(1), q.get(TOKENS), v.getLast());
      case "lse" -> q.subList(0, TOKENS + 1);
      case "dq" -> q;
      case "dk" -> Objects.requireNonNull(drawn.get("k")).shape();
      case "dv" -> v;
      default ->
          throw new IllegalArgumentException(
              "recipe %s expects %s: out, lse, dq, dk and dv can be sampled"
                  .formatted(golden.name(), result));
    };
  }

  private static Tensor tensor(GoldenCase golden, String result) {
    return Objects.requireNonNull(golden.expect().get(result), result);
  }

  /** How many elements its largest input has. */
  public long reach() {
    return drawn.values().stream().mapToLong(Drawn::elements).max().orElse(0);
  }
}
