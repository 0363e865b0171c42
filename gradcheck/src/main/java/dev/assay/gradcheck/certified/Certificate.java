package dev.assay.gradcheck.certified;

import dev.assay.tensor.Tensor;
import java.util.SortedMap;

/**
 * What is proven of a result, element by element.
 *
 * @param value the proven values; where nothing is proven, the recorded ones
 * @param exact how many are exact: the true value is a double
 * @param flagged those that are not proven, by position
 */
public record Certificate(Tensor value, int exact, SortedMap<Integer, Flag> flagged) {
  /** How many values there are. */
  public int values() {
    return value.size();
  }

  /** How many are proven to be correctly rounded, exact ones included. */
  public int proven() {
    return values() - flagged.size();
  }
}
