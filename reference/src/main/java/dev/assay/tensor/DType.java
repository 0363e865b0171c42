package dev.assay.tensor;

/**
 * Element types of files and of the implementations under test. A {@link Tensor} itself is held as
 * F32 or F64; the other types are values that such a tensor can hold exactly.
 */
public enum DType {
  F64(8, 53),
  F32(4, 24),
  F16(2, 11),
  BF16(2, 8),
  I64(8, 0),
  I32(4, 0),
  I16(2, 0),
  I8(1, 0),
  U8(1, 0),
  BOOL(1, 0);

  private final int bytes;
  private final int significand;

  DType(int bytes, int significand) {
    this.bytes = bytes;
    this.significand = significand;
  }

  /** Size of an element in a file. */
  public int bytes() {
    return bytes;
  }

  /** Whether it holds floating-point numbers. */
  public boolean floating() {
    return significand > 0;
  }

  /** Unit roundoff u of a floating type: 2^-53, 2^-24, 2^-11 or 2^-8. */
  public double unitRoundoff() {
    return Math.scalb(1.0, -significand);
  }

  /**
   * The nearest value of a floating type, ties to even; subnormals are kept, overflow gives an
   * infinity.
   */
  public double round(double value) {
    return switch (this) {
      case F64 -> value;
      case F32 -> (float) value;
      case F16 -> toNearest(value, -14, 65504);
      case BF16 -> toNearest(value, -126, 0x1.FEp127);
      default ->
          throw new IllegalArgumentException(this + " holds integers: there is nothing to round");
    };
  }

  private double toNearest(double value, int smallestExponent, double largest) {
    if (!Double.isFinite(value) || value == 0) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(value), smallestExponent);
    double ulp = Math.scalb(1.0, exponent - significand + 1);
    // A power of two divides exactly, and rint rounds ties to even.
    double rounded = Math.rint(value / ulp) * ulp;
    return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
  }
}
