package dev.assay.op;

import dev.assay.autograd.Var;
import java.util.List;

/**
 * The vocabulary in which mechanisms and derivative rules are written: each method records one op
 * on the tape.
 */
public final class Ops {
  private Ops() {}

  private static Var record(Primitive op, Var... x) {
    return x[0].tape().record(op, List.of(x)).getFirst();
  }

  /** {@link Add}. */
  public static Var add(Var a, Var b) {
    return record(new Add(), a, b);
  }

  /** {@link Mul}. */
  public static Var mul(Var a, Var b) {
    return record(new Mul(), a, b);
  }
}
