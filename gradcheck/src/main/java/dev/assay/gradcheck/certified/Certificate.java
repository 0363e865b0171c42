package dev.assay.gradcheck.certified;

import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is proven of a result, element by element.
 *
 * @param value the proven values; where nothing is proven, the recorded ones
 * @param exact how many are exact: the true value is a double
 * @param narrowed how many of the proven ones, rounded once more to a narrower type, are proven to
 *     be what the true value rounds to in it
 * @param flagged those that are not proven, by position
 */
public record Certificate(
    Tensor value, int exact, Map<DType, Integer> narrowed, SortedMap<Integer, Flag> flagged) {
  /** The types that results may be handed in as, besides binary64. */
  static final List<DType> NARROW = List.of(DType.F32, DType.BF16, DType.F16);

  /** How many values there are. */
  public int values() {
    return value.size();
  }

  /** How many are proven to be correctly rounded, exact ones included. */
  public int proven() {
    return values() - flagged.size();
  }
}
