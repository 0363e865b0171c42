package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Wrong logits of the right pairs: scale, cap, bias, types that are too narrow. */
final class LogitSuspects {
  private static final double LN2 = StrictMath.log(2);

  private LogitSuspects() {}

  static List<Suspect> of(AttentionProblem problem) {
    List<Suspect> all = new ArrayList<>();
    double scale = problem.scale();
    all.add(scaled("the scale is applied twice", scale));
    all.add(scaled("the scale is missing", 1 / scale));
    double byValues = 1 / Math.sqrt(problem.valueDepth()) / scale;
    if (byValues != 1) {
      all.add(scaled("the scale is made from d_v", byValues));
    }
    if (problem.softcap() > 0) {
      all.add(plain(Stage.SOFTCAP, "logits are not capped", x -> x));
      all.add(
          plain(
              Stage.SOFTCAP,
              "the cap is not multiplied back",
              x -> StrictMath.tanh(x / problem.softcap())));
      all.add(plain(Stage.SOFTCAP, "the cap overflows", x -> overflowing(x, problem.softcap())));
    }
    if (problem.bias() != null) {
      all.add(biased("the bias is ignored", 0));
      all.add(biased("the bias is multiplied by the scale", scale));
      all.add(biased("the bias is taken for one in units of log2", LN2));
      all.add(biased("the bias is multiplied by log2 e", 1 / LN2));
      all.add(biased("the bias has the wrong sign", -1));
      all.add(otherBias("the bias of the first head serves all", true, false, false));
      all.add(otherBias("the bias of the first batch entry serves all", false, true, false));
      all.add(otherBias("the bias of the first query serves all", false, false, true));
    }
    for (DType type : new DType[] {DType.BF16, DType.F16}) {
      all.add(plain(Stage.LOGITS, "logits are rounded to " + type, x -> cap(problem, type, x)));
    }
    all.add(operands("q and k have eleven bits, as in TF32", LogitSuspects::elevenBits));
    all.add(operands("q and k are rounded to BF16", DType.BF16::round));
    return all;
  }

  private static double cap(AttentionProblem problem, DType type, double score) {
    double rounded = type.round(score);
    double cap = problem.softcap();
    return cap > 0 ? cap * StrictMath.tanh(rounded / cap) : rounded;
  }

  /** tanh as a quotient of exponentials of binary32. */
  private static double overflowing(double x, double cap) {
    float e = (float) StrictMath.exp(2 * x / cap);
    return cap * ((e - 1) / (e + 1));
  }

  private static double elevenBits(double x) {
    int bits = Float.floatToRawIntBits((float) x) + 0x1000 & ~0x1FFF;
    return Float.intBitsToFloat(bits);
  }

  /** The scale times a number. */
  static Suspect scaled(String what, double factor) {
    return new Suspect(
        Stage.LOGITS,
        what,
        row ->
            row.softmax(
                j ->
                    row.met(j)
                        ? row.logit(j)
                            - row.capped(row.score(j))
                            + row.capped(factor * row.score(j))
                        : row.logit(j)));
  }

  /** Another function of the score in the place of the cap. */
  private static Suspect plain(Stage stage, String what, DoubleUnaryOperator cap) {
    return new Suspect(
        stage,
        what,
        row ->
            row.softmax(
                j ->
                    row.met(j)
                        ? row.logit(j) - row.capped(row.score(j)) + cap.applyAsDouble(row.score(j))
                        : row.logit(j)));
  }

  /** The bias times a number. */
  static Suspect biased(String what, double factor) {
    return new Suspect(
        Stage.BIAS,
        what,
        row ->
            row.softmax(
                j -> row.met(j) ? row.logit(j) + (factor - 1) * bias(row, j) : row.logit(j)));
  }

  private static double bias(Row row, int j) {
    return row.problem().biasAt(row.batch(), row.head(), row.query(), j);
  }

  private static Suspect otherBias(String what, boolean head, boolean batch, boolean query) {
    return new Suspect(
        Stage.BIAS,
        what,
        row ->
            row.softmax(
                j -> {
                  double bias =
                      row.problem()
                          .biasAt(
                              batch ? 0 : row.batch(),
                              head ? 0 : row.head(),
                              query ? 0 : row.query(),
                              j);
                  boolean there = row.met(j) || bias(row, j) == Double.NEGATIVE_INFINITY;
                  return there ? row.capped(row.score(j)) + bias : Double.NEGATIVE_INFINITY;
                }));
  }

  private static Suspect operands(String what, DoubleUnaryOperator rounding) {
    return new Suspect(
        Stage.LOGITS,
        what,
        row ->
            row.softmax(
                j ->
                    row.met(j)
                        ? row.logit(j) - row.capped(row.score(j)) + rounded(row, j, rounding)
                        : row.logit(j)));
  }

  private static double rounded(Row row, int j, DoubleUnaryOperator rounding) {
    AttentionProblem problem = row.problem();
    int depth = problem.depth();
    int q = problem.queryRow(row.batch(), row.head(), row.query()) * depth;
    int k = row.keyRow(j) * depth;
    double dot = 0;
    for (int c = 0; c < depth; c++) {
      dot +=
          rounding.applyAsDouble(problem.q().get(q + c))
              * rounding.applyAsDouble(problem.k().get(k + c));
    }
    return row.capped(problem.scale() * dot);
  }
}
