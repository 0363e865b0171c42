package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How an output in a file differs from the oracle's.
 *
 * @param output name of the output
 * @param elements how many elements lie outside their tolerance; 0 if type or shape differ already
 * @param sentence where the first lies, and by how much
 */
public record Difference(String output, int elements, String sentence) {

  /**
   * Compares element by element; null if all agree. NaN agrees with NaN only, an infinity with
   * itself; where scores overflow the precision nothing is asked.
   *
   * @param right what the oracle computes
   * @param file what the file holds
   * @param precision the arithmetic whose rounding errors the file's values may carry
   */
  static @Nullable Difference find(
      String output, Var right, Tensor file, PrecisionClass precision) {
    Shape shape = right.shape();
    if (!shape.equals(file.shape())) {
      return new Difference(
          output, 0, "has shape " + file.shape() + " in the file, but must have " + shape);
    }
    Tensor bounds = bounds(right, precision);
    int first = -1;
    int elements = 0;
    for (int p = 0; p < file.size(); p++) {
      boolean bounded = bounds.get(p) != Double.POSITIVE_INFINITY;
      Tolerance tolerance = tolerance(bounds.get(p), precision);
      if (bounded && !tolerance.accepts(file.get(p), right.value().get(p))) {
        first = elements++ == 0 ? p : first;
      }
    }
    if (elements == 0) {
      return null;
    }
    Tolerance tolerance = tolerance(bounds.get(first), precision);
    return new Difference(
        output,
        elements,
        String.format(
            Locale.ROOT,
            "%d of %d elements differ, first at %s: %s in the file, %s expected, bound %.3g (%s)",
            elements,
            file.size(),
            Arrays.toString(shape.index(first)),
            file.get(first),
            right.value().get(first),
            tolerance.absolute(),
            tolerance.reason()));
  }

  private static Tensor bounds(Var right, PrecisionClass precision) {
    SequencedMap<String, Var> wanted = new LinkedHashMap<>();
    wanted.put("right", right);
    return Bounds.of(right.tape(), wanted, precision, Declared.NOTHING).firstEntry().getValue();
  }

  private static Tolerance tolerance(double bound, PrecisionClass precision) {
    return new Tolerance(
        bound, 0, "rounding errors of " + precision.id() + " through every recorded op");
  }
}
