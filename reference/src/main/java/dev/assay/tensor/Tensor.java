package dev.assay.tensor;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A dense row-major array of real numbers in one of two storages. Tensors are values: nothing that
 * a caller can reach changes one after it was made. Booleans are the numbers 0 and 1, indices are
 * integers held exactly.
 *
 * <p>{@link #adopt} and {@link #doubles()}/{@link #floats()} share memory with the caller for the
 * sake of the engines: whoever uses them promises not to write.
 */
public final class Tensor {
  private final Shape shape;
  private final double @Nullable [] doubles;
  private final float @Nullable [] floats;

  private Tensor(Shape shape, double @Nullable [] doubles, float @Nullable [] floats, int length) {
    Require.argument(
        shape.size() == length, "shape %s wants %d elements, not %d", shape, shape.size(), length);
    this.shape = shape;
    this.doubles = doubles;
    this.floats = floats;
  }

  /** An F64 tensor with a copy of the values. */
  public static Tensor of(Shape shape, double... values) {
    return adopt(shape, values.clone());
  }

  /** An F64 tensor that owns the array from now on. */
  public static Tensor adopt(Shape shape, double[] values) {
    return new Tensor(shape, values, null, values.length);
  }

  /** An F32 tensor that owns the array from now on. */
  public static Tensor adopt(Shape shape, float[] values) {
    return new Tensor(shape, null, values, values.length);
  }

  /** A scalar in F64. */
  public static Tensor scalar(double value) {
    return of(Shape.of(), value);
  }

  /** An F64 tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return adopt(shape, new double[shape.size()]);
  }

  /** An F64 tensor with the same value everywhere. */
  public static Tensor full(Shape shape, double value) {
    double[] values = new double[shape.size()];
    Arrays.fill(values, value);
    return adopt(shape, values);
  }

  /** An F64 tensor whose element at row-major position p is {@code element(p)}. */
  public static Tensor generate(Shape shape, IntToDoubleFunction element) {
    double[] values = new double[shape.size()];
    for (int p = 0; p < values.length; p++) {
      values[p] = element.applyAsDouble(p);
    }
    return adopt(shape, values);
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** Number of elements. */
  public int size() {
    return shape.size();
  }

  /** How the elements are held. */
  public Storage storage() {
    return doubles != null ? Storage.F64 : Storage.F32;
  }

  /** The element at a row-major position. */
  public double get(int position) {
    if (doubles != null) {
      return doubles[position];
    }
    return floats()[position];
  }

  /** The element at the given coordinates. */
  public double at(int... index) {
    return get(shape.offset(index));
  }

  /** A copy of the elements as doubles, whatever the storage. */
  public double[] toDoubles() {
    if (doubles != null) {
      return doubles.clone();
    }
    double[] values = new double[size()];
    for (int p = 0; p < values.length; p++) {
      values[p] = floats()[p];
    }
    return values;
  }

  /** The backing array of an F64 tensor, to be read only. */
  public double[] doubles() {
    if (doubles == null) {
      throw new IllegalStateException(
          "the tensor " + shape + " is held as F32: call to(F64) first");
    }
    return doubles;
  }

  /** The backing array of an F32 tensor, to be read only. */
  public float[] floats() {
    if (floats == null) {
      throw new IllegalStateException(
          "the tensor " + shape + " is held as F64: call to(F32) first");
    }
    return floats;
  }

  /** This tensor in the given storage; F64 to F32 rounds to nearest even. */
  public Tensor to(Storage storage) {
    if (storage == storage()) {
      return this;
    }
    if (storage == Storage.F64) {
      return adopt(shape, toDoubles());
    }
    float[] rounded = new float[size()];
    for (int p = 0; p < rounded.length; p++) {
      rounded[p] = (float) get(p);
    }
    return adopt(shape, rounded);
  }

  /** The same elements under another shape of the same size; memory is shared. */
  public Tensor reshape(Shape other) {
    return new Tensor(other, doubles, floats, size());
  }

  /** The same elements under another shape of the same size; memory is shared. */
  public Tensor reshape(int... extents) {
    return reshape(Shape.of(extents));
  }

  /**
   * Whether shape, storage and every bit of every element agree; NaNs of different payload differ.
   */
  public boolean bitEquals(Tensor other) {
    if (!shape.equals(other.shape) || storage() != other.storage()) {
      return false;
    }
    for (int p = 0; p < size(); p++) {
      if (Double.doubleToRawLongBits(get(p)) != Double.doubleToRawLongBits(other.get(p))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return storage() + " " + shape;
  }
}
