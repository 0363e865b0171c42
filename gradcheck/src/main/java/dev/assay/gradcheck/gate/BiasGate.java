package dev.assay.gradcheck.gate;

import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Gate G2: errors have no direction. Each element may be within its bound and the whole still lean
 * to one side, as when a scale is off by 0.1 % or probabilities are cut off instead of rounded.
 *
 * <p>A row's statistic is {@code x_r = mean over its channels of sign(golden) (value - golden) /
 * bound}. Over the R rows of all cases, {@code z = sum x_r / sqrt(sum x_r^2)}. If rows are
 * independent and lean to neither side, then {@code P(|z| >= t) <= 2 exp(-t^2 / 2)} whatever their
 * distributions (Efron, "Student's t-test under symmetry conditions", 1969), so the limit t is the
 * one at which this is 10^-6: {@code t = sqrt(2 ln(2 / 10^-6)) = 5.39}. Correct kernels do lean a
 * little (a mean of 0.0007 bounds was measured for bfloat16), and with enough rows any lean shows;
 * so the gate closes only if the mean besides exceeds {@link #lean} of the bound.
 *
 * <p>Rows that repeat each other are left out: all query heads of a group but the first, and the
 * second of two twin cases. Below {@link #ENOUGH} rows nothing is said.
 */
public final class BiasGate {
  /** Rows that are needed. */
  public static final int ENOUGH = 1000;

  /** How far the mean may lean, in units of the bound. */
  public static final double LEAN = 0x1p-7;

  /**
   * How far the mean of the LSE may lean in a class of 16 bits. Matrix units cut sums of products
   * off instead of rounding them (Fasi, Higham, Mikaitis and Pranesh, "Numerical behavior of NVIDIA
   * tensor cores", 2021); in results that are rounded to 16 bits this drowns, in an LSE of 32 bits
   * it does not. A product q.k of D channels that is cut off every 16 loses u |q.k| D / 16 on
   * average, at most a 16th of its bound, and that only where all of its terms have one sign; this
   * is half of it. -0.0094 was measured on an H200, -0.0114 of a kernel that sums rows of
   * probabilities so too.
   */
  public static final double LEAN_OF_UNITS = 0x1p-5;

  /** Limit of |z|. */
  public static final double LIMIT = Math.sqrt(2 * StrictMath.log(2e6));

  private final PrecisionClass precision;
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  private static final class Pool {
    private int rows;
    private double sum;
    private double squares;

    private void add(GateShare share) {
      rows += share.rows();
      sum += share.lean();
      squares += share.leanSquares();
    }
  }

  /** A gate with the limits of a class. */
  public BiasGate(PrecisionClass precision) {
    this.precision = precision;
  }

  /** How far the mean of a tensor may lean in a class, in units of the bound. */
  public static double lean(String tensor, PrecisionClass precision) {
    return switch (precision) {
      case F64, F32_FLASH -> LEAN;
      case BF16_FLASH, FP16_FLASH -> tensor.equals("lse") ? LEAN_OF_UNITS : LEAN;
    };
  }

  /** Takes in the compared tensors of a case. */
  public void add(GoldenCase golden, List<GateShare> shares) {
    seen.add(golden.name());
    if (golden.twin() != null && seen.contains(golden.twin())) {
      return;
    }
    for (GateShare each : shares) {
      if (each.measured() > 0) {
        pools.computeIfAbsent(each.tensor(), _ -> new Pool()).add(each);
      }
    }
  }

  /** One line for each tensor. */
  public List<GateLine> lines() {
    List<GateLine> lines = new ArrayList<>();
    pools.forEach((tensor, pool) -> lines.add(line(tensor, pool)));
    return lines;
  }

  private GateLine line(String tensor, Pool pool) {
    if (pool.rows < ENOUGH) {
      String text = "%d independent rows, %d are needed".formatted(pool.rows, ENOUGH);
      return new GateLine("G2", tensor, Outcome.NOT_ENOUGH, text);
    }
    double z = pool.squares == 0 ? 0 : pool.sum / Math.sqrt(pool.squares);
    double mean = pool.sum / pool.rows;
    double limit = lean(tensor, precision);
    boolean leans = Math.abs(z) > LIMIT && Math.abs(mean) > limit;
    String text =
        String.format(
            Locale.ROOT,
            "mean %+.5f of the bound (limit %.4f), z %+.2f (limit %.2f), %d rows",
            mean,
            limit,
            z,
            LIMIT,
            pool.rows);
    return new GateLine("G2", tensor, leans ? Outcome.FAIL : Outcome.PASS, text);
  }
}
