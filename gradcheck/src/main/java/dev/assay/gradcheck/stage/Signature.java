package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Marks that a fault leaves in numbers: NaN and infinities, bits that are always zero. */
final class Signature {
  /** Inputs above this are poison: no kernel that does not read them is hurt. */
  static final double POISON = 1e20;

  /** Logits beyond this overflow or underflow an exponential of binary32. */
  static final double LOUD = 80;

  static final String OUT_OF_RANGE =
      "exponentials leave the range of their type: is the maximum subtracted";

  private Signature() {}

  /**
   * What NaN and infinities tell; null if there are none, or they tell nothing.
   *
   * @param sure whether only what nothing else explains is wanted: rows without keys, and logits
   *     out of range
   */
  static @Nullable Attribution notNumbers(
      Evidence evidence, Row row, List<Integer> failing, boolean sure) {
    List<Integer> lost = failing.stream().filter(at -> lost(evidence, at)).toList();
    if (2 * lost.size() < failing.size() || lost.isEmpty()) {
      return null;
    }
    boolean empty = true;
    double loud = Double.POSITIVE_INFINITY;
    for (int at : lost) {
      row.of(at);
      empty &= row.empty();
      loud = Math.min(loud, Math.abs(SoftmaxSuspects.max(row)));
    }
    double share = (double) lost.size() / failing.size();
    if (empty) {
      return empty(evidence, lost.getFirst(), share);
    }
    if (loud > LOUD) {
      return new Attribution(Stage.RESCALE, OUT_OF_RANGE, "", share, lost.getFirst());
    }
    if (sure) {
      return null;
    }
    boolean poison = evidence.golden().inputs().values().stream().anyMatch(Signature::poisoned);
    return poison
        ? new Attribution(Stage.MASK, "values that are masked are read", "", share, -1)
        : new Attribution(
            Stage.RESCALE,
            "-inf minus -inf: a tile or part without keys",
            "",
            share,
            lost.getFirst());
  }

  private static Attribution empty(Evidence evidence, int at, double share) {
    int width = evidence.problem().valueDepth();
    double out = evidence.value("out", at * width);
    double lse = evidence.value("lse", at);
    boolean withoutLse = !evidence.compared().containsKey("lse");
    if (Double.isNaN(out) && (withoutLse || lse == Double.NEGATIVE_INFINITY)) {
      return new Attribution(Stage.DENOMINATOR, "0/0 in a row without keys", "", share, at);
    }
    return Double.isNaN(out)
        ? new Attribution(Stage.RESCALE, "-inf minus -inf in a row without keys", "", share, at)
        : new Attribution(Stage.LSE, "the LSE of a row without keys", "", share, at);
  }

  static boolean poisoned(Tensor input) {
    for (int p = 0; p < input.size(); p++) {
      if (!(Math.abs(input.get(p)) < POISON)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a row holds NaN or an infinity where there should be a number. */
  private static boolean lost(Evidence evidence, int at) {
    int width = evidence.problem().valueDepth();
    boolean lost = lost(evidence.compared().get("lse"), at);
    for (int c = 0; c < width; c++) {
      lost |= lost(evidence.compared().get("out"), at * width + c);
    }
    return lost;
  }

  private static boolean lost(@Nullable Comparison each, int position) {
    if (each == null || !Evidence.failing(each, position)) {
      return false;
    }
    double value = each.value().get(position);
    return !Double.isFinite(value) && value != each.golden().get(position);
  }

  /** What bits that are always zero tell, or errors that all point to zero; null if nothing. */
  static @Nullable Attribution rounding(Map<String, Comparison> compared) {
    for (DType type : new DType[] {DType.BF16, DType.F16}) {
      boolean results =
          compared.values().stream()
              .anyMatch(each -> !each.tensor().equals("lse") && coarse(each, type));
      boolean lse = coarse(compared.get("lse"), type);
      if (results || lse) {
        return results
            ? new Attribution(
                Stage.ROUNDING, "results were rounded to " + type + " on their way", "", 1, -1)
            : new Attribution(Stage.LSE, "the LSE was rounded to " + type, "", 1, -1);
      }
    }
    return truncated(compared)
        ? new Attribution(Stage.ROUNDING, "results are truncated, not rounded", "", 1, -1)
        : null;
  }

  /** Whether a failing tensor of a finer type holds numbers of a coarser one, each near by. */
  private static boolean coarse(@Nullable Comparison each, DType type) {
    if (each == null || each.passes() || each.type().bytes() <= type.bytes()) {
      return false;
    }
    for (int p = 0; p < each.value().size(); p++) {
      double value = each.value().get(p);
      double golden = each.golden().get(p);
      boolean near =
          Math.abs(value - golden)
              <= 2 * type.unitRoundoff() * Math.abs(golden) + each.bound().get(p);
      if (Double.isFinite(golden) && !(value == type.round(value) && near)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether results of 16 bits are golden ones that were cut off: no error is larger than a place,
   * nearly all of those above a quarter of it point to zero, and some are above half of it.
   */
  private static boolean truncated(Map<String, Comparison> compared) {
    int seen = 0;
    int towards = 0;
    int beyond = 0;
    // Gradients have the errors of stored weights in both directions besides.
    Comparison each = compared.get("out");
    if (each != null && each.type().bytes() == 2) {
      for (int p = 0; p < each.value().size(); p++) {
        double golden = each.golden().get(p);
        double error = Math.abs(each.value().get(p)) - Math.abs(golden);
        double place = place(each, golden);
        if (Double.isFinite(golden) && !(Math.abs(error) <= 1.25 * place + each.bound().get(p))) {
          return false;
        }
        boolean large = Math.abs(error) > place / 4;
        seen += large ? 1 : 0;
        towards += large && error < 0 ? 1 : 0;
        beyond += Math.abs(error) > 0.6 * place ? 1 : 0;
      }
    }
    return seen >= 16 && towards >= 0.85 * seen && beyond > 0;
  }

  /** The last place of a type at a number. */
  private static double place(Comparison each, double golden) {
    return 2 * each.type().unitRoundoff() * Math.scalb(1.0, Math.getExponent(golden));
  }

  /** Whether all that fails is a little off where no order of evaluation rounds. */
  static boolean barelyOff(Comparison each) {
    for (int p : each.failures()) {
      double error = Math.abs(each.value().get(p) - each.golden().get(p));
      if (!(each.bound().get(p) == 0 && error <= 8 * place(each, each.golden().get(p)))) {
        return false;
      }
    }
    return true;
  }
}
