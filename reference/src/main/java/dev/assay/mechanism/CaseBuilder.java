package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.mechanism.Case.Draw;
import dev.assay.mechanism.Case.Role;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntPredicate;

/** Collects the parts of a {@link Case}. */
public final class CaseBuilder {
  /** With it bell-shaped numbers have standard deviation 0.816. */
  public static final int UNIT = -16;

  private final int id;
  private final String name;
  private final Mechanism mechanism;
  private final SequencedMap<String, Draw> draws = new LinkedHashMap<>();
  private final Map<String, Tensor> given = new LinkedHashMap<>();
  private DType dtype = DType.F32;
  private Set<Role> roles = EnumSet.of(Role.GRADIENT, Role.GOLDEN, Role.PARITY);
  private String remark = "";

  CaseBuilder(int id, String name, Mechanism mechanism) {
    this.id = id;
    this.name = name;
    this.mechanism = mechanism;
  }

  /**
   * Draws q [b, heads, nq, d], k [b, kvHeads, nk, d], v [b, kvHeads, nk, dv], and d_out and d_lse
   * to match.
   */
  public CaseBuilder qkv(int b, int heads, int kvHeads, int nq, int nk, int d, int dv) {
    draw("q", Shape.of(b, heads, nq, d));
    draw("k", Shape.of(b, kvHeads, nk, d));
    draw("v", Shape.of(b, kvHeads, nk, dv));
    draw("d_out", Shape.of(b, heads, nq, dv));
    return draw("d_lse", Shape.of(b, heads, nq));
  }

  /** Draws a bell-shaped tensor of standard deviation 0.816. */
  public CaseBuilder draw(String tensor, Shape shape) {
    return draw(tensor, shape, Distribution.BELL, UNIT);
  }

  /** Draws a tensor. */
  public CaseBuilder draw(String tensor, Shape shape, Distribution distribution, int shift) {
    draws.put(tensor, new Draw(shape, distribution, shift));
    return this;
  }

  /** Gives tensors literally, by name. */
  public CaseBuilder give(Map<String, Tensor> values) {
    given.putAll(values);
    return this;
  }

  /** Gives a tensor literally. */
  public CaseBuilder give(String tensor, Tensor value) {
    given.put(tensor, value);
    return this;
  }

  /**
   * Puts a value into some places of a tensor that is drawn: NaN where nothing may read, -inf where
   * a pair is excluded. The tensor is given literally then, so say {@link #dtype} before.
   *
   * @param places row-major positions
   */
  public CaseBuilder plant(String tensor, double value, IntPredicate places) {
    Draw draw = draws.get(tensor);
    Require.argument(draw != null, "%s is not drawn: draw it before planting %s", tensor, value);
    Tensor drawn = Objects.requireNonNull(draw).tensor(tensor, id, dtype);
    return give(tensor, Tensor.generate(drawn.shape(), p -> places.test(p) ? value : drawn.get(p)));
  }

  /** Gives whole numbers literally: lengths, offsets, lists. */
  public CaseBuilder give(String tensor, int... values) {
    return give(tensor, Tensor.generate(Shape.of(values.length), p -> values[p]));
  }

  /** Leaves out a tensor that {@link #qkv} would draw. */
  public CaseBuilder without(String tensor) {
    draws.remove(tensor);
    return this;
  }

  /** The type that random tensors are rounded to; F32 unless said. */
  public CaseBuilder dtype(DType type) {
    this.dtype = type;
    return this;
  }

  /** What the case is used for; gradient, golden and parity unless said. */
  public CaseBuilder roles(Role first, Role... more) {
    this.roles = EnumSet.of(first, more);
    return this;
  }

  /** What the case is for. */
  public CaseBuilder remark(String text) {
    this.remark = text;
    return this;
  }

  /** The case. */
  public Case build() {
    return new Case(id, name, mechanism, dtype, draws, given, roles, remark);
  }
}
