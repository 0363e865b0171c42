package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The arithmetic that an implementation declares, from which the bounds of its results follow. The
 * table in the suite's SPEC.md is this one; a test compares them.
 */
public enum PrecisionClass {
  /** Everything in binary64. */
  F64(DType.F64, 53, 53, 53, 53, 53, 2),
  /** Everything in binary32. */
  F32_FLASH(DType.F32, 24, 24, 24, 24, 24, 4),
  /** Storage, probabilities and score gradients in bfloat16, scores and sums in binary32. */
  BF16_FLASH(DType.BF16, 24, 8, 8, 8, 24, 4),
  /** Storage, probabilities and score gradients in binary16, scores and sums in binary32. */
  FP16_FLASH(DType.F16, 24, 11, 11, 11, 24, 4);

  private final DType storage;
  private final double uS;
  private final double uP;
  private final double uO;
  private final double uDS;
  private final double uAcc;
  private final double expUlp;

  PrecisionClass(DType storage, int s, int p, int o, int ds, int acc, double expUlp) {
    this.storage = storage;
    this.uS = Math.scalb(1.0, -s);
    this.uP = Math.scalb(1.0, -p);
    this.uO = Math.scalb(1.0, -o);
    this.uDS = Math.scalb(1.0, -ds);
    this.uAcc = Math.scalb(1.0, -acc);
    this.expUlp = expUlp;
  }

  /** The name in files and on the command line: f64, f32-flash, bf16-flash, fp16-flash. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The class of that name.
   *
   * @throws IllegalArgumentException that names the known ones, if there is none
   */
  public static PrecisionClass find(String id) {
    for (PrecisionClass known : values()) {
      if (known.id().equals(id)) {
        return known;
      }
    }
    List<String> all = Arrays.stream(values()).map(PrecisionClass::id).toList();
    throw new IllegalArgumentException("class '" + id + "' is unknown: choose one of " + all);
  }

  /** Type of q, k, v, d_out and of out and the gradients. */
  public DType storage() {
    return storage;
  }

  /** Type in which a result is handed in: lse is at least F32, the others have {@link #storage}. */
  public DType resultType(String tensor) {
    return tensor.equals("lse") && storage.bytes() < DType.F32.bytes() ? DType.F32 : storage;
  }

  /** Unit roundoff of the scores: products q k, scale, exponent. */
  public double uS() {
    return uS;
  }

  /** Unit roundoff of the probabilities that multiply the values. */
  public double uP() {
    return uP;
  }

  /** Unit roundoff of stored results. */
  public double uO() {
    return uO;
  }

  /** Unit roundoff of the score gradients that multiply keys and queries. */
  public double uDS() {
    return uDS;
  }

  /** Unit roundoff of the sums over keys and over queries. */
  public double uAcc() {
    return uAcc;
  }

  /** Error of the exponential in units of {@link #uS}. */
  public double expUlp() {
    return expUlp;
  }

  /** Whether the class's storage holds every value of the type, so that a case of it can be run. */
  public boolean holds(DType type) {
    Require.argument(type.floating(), "%s is not a floating type", type);
    return type == storage
        || storage == DType.F64
        || (storage == DType.F32 && type.bytes() < DType.F32.bytes());
  }
}
