package dev.assay.gradcheck.suite;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.Locale;

/** In which type a tensor lies in a case's file. */
public final class NativeTypes {
  private NativeTypes() {}

  /**
   * The type of an input: that of the case, except that {@code d_lse} has at least F32, as the LSE
   * itself, and that masks are BOOL and other choices I32. A choice with a value that such a type
   * cannot hold lies in the case's type: tables of angles, and what a case to be refused may have.
   */
  public static DType input(Mechanism mechanism, String name, Tensor tensor, DType dtype) {
    if (name.equals("d_lse")) {
      return drawn(name, dtype);
    }
    boolean choice =
        mechanism.tensors().stream()
            .anyMatch(t -> t.name().equals(name) && t.kind() == TensorSpec.Kind.CHOICE);
    return choice ? choice(name, tensor, dtype) : dtype;
  }

  /** The type of an input that is drawn: that of the case, and at least F32 for {@code d_lse}. */
  public static DType drawn(String name, DType dtype) {
    return name.equals("d_lse") && dtype.bytes() < DType.F32.bytes() ? DType.F32 : dtype;
  }

  /** The type of an expected result: F64, and of a choice that was made BOOL or I32. */
  public static DType expected(Mechanism mechanism, String name, Tensor tensor) {
    boolean number =
        name.equals("out")
            || name.equals("lse")
            || mechanism.tensors().stream().anyMatch(t -> t.gradient().equals(name));
    return number ? DType.F64 : choice(name, tensor, DType.F64);
  }

  private static DType choice(String name, Tensor tensor, DType otherwise) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean mask = lower.endsWith("mask") || lower.endsWith("keep");
    int least = mask ? 0 : Integer.MIN_VALUE;
    int most = mask ? 1 : Integer.MAX_VALUE;
    for (int p = 0; p < tensor.size(); p++) {
      double value = tensor.get(p);
      if (!(value == Math.rint(value) && value >= least && value <= most)) {
        return otherwise;
      }
    }
    return mask ? DType.BOOL : DType.I32;
  }
}
