package dev.assay.gradcheck.certified;

import dev.assay.tensor.Tensor;
import java.util.SortedMap;

/**
 * What is proven of a result, element by element.
 *
 * @param recorded the result as the ops gave it
 * @param value the proven values; where nothing is proven, the recorded ones
 * @param error by how much the recorded values err at least, absolutely; NaN where it is not known
 * @param exact how many are exact: the true value is a double
 * @param flagged those that are not proven, by position
 */
public record Certificate(
    Tensor recorded, Tensor value, double[] error, int exact, SortedMap<Integer, Flag> flagged) {
  /** How many values there are. */
  public int values() {
    return value.size();
  }

  /** How many are proven to be correctly rounded, exact ones included. */
  public int proven() {
    return values() - flagged.size();
  }

  /** The largest error in units of the last place of the largest magnitude; 0 without numbers. */
  public double ulps() {
    double largest = 0;
    double worst = 0;
    for (int p = 0; p < value.size(); p++) {
      if (Double.isFinite(value.get(p))) {
        largest = Math.max(largest, Math.abs(value.get(p)));
      }
      worst = error[p] > worst ? error[p] : worst;
    }
    return worst == 0 ? 0 : worst / Math.ulp(largest);
  }

  /** How many of the recorded values are not the proven ones. */
  public int changed() {
    int changed = 0;
    for (int p = 0; p < value.size(); p++) {
      changed += Double.compare(value.get(p), recorded.get(p)) == 0 ? 0 : 1;
    }
    return changed;
  }
}
