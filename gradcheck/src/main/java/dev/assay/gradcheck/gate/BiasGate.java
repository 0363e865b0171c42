package dev.assay.gradcheck.gate;

import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
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
 * so the gate closes only if the mean besides exceeds {@link #LEAN} of the bound.
 *
 * <p>Rows that repeat each other are left out: all query heads of a group but the first, and the
 * second of two twin cases. Below {@link #ENOUGH} rows nothing is said.
 */
public final class BiasGate {
  /** Rows that are needed. */
  public static final int ENOUGH = 1000;

  /** How far the mean may lean, in units of the bound. */
  public static final double LEAN = 0x1p-7;

  /** Limit of |z|. */
  public static final double LIMIT = Math.sqrt(2 * StrictMath.log(2e6));

  private static final Set<String> BY_QUERY_HEAD = Set.of("out", "lse", "dq");

  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  private static final class Pool {
    private int rows;
    private double sum;
    private double squares;

    private void add(double x) {
      rows++;
      sum += x;
      squares += x * x;
    }
  }

  /** Takes in the compared tensors of a case. */
  public void add(GoldenCase golden, List<Comparison> compared) {
    seen.add(golden.name());
    if (golden.twin() != null && seen.contains(golden.twin())) {
      return;
    }
    for (Comparison each : compared) {
      if (each.measured() > 0) {
        add(golden, each, pools.computeIfAbsent(each.tensor(), _ -> new Pool()));
      }
    }
  }

  private static void add(GoldenCase golden, Comparison compared, Pool pool) {
    Shape shape = compared.golden().shape();
    int width = compared.tensor().equals("lse") || shape.rank() == 0 ? 1 : shape.extent(-1);
    int rows = width == 0 ? 0 : shape.size() / width;
    int perHead = 1;
    int heads = 1;
    int group = 1;
    if (BY_QUERY_HEAD.contains(compared.tensor()) && shape.rank() >= 3) {
      heads = shape.extent(1);
      perHead = shape.extent(2);
      Tensor keys = golden.inputs().get("k");
      group = keys == null || keys.shape().rank() != 4 ? 1 : heads / keys.shape().extent(1);
    }
    for (int row = 0; row < rows; row++) {
      if (row / perHead % heads % group == 0) {
        double lean = lean(compared, row * width, width);
        if (!Double.isNaN(lean)) {
          pool.add(lean);
        }
      }
    }
  }

  /** The row's statistic; NaN if it has no element with a finite positive bound. */
  private static double lean(Comparison compared, int from, int width) {
    double sum = 0;
    int counted = 0;
    for (int p = from; p < from + width; p++) {
      double golden = compared.golden().get(p);
      double bound = compared.bound().get(p);
      double error = compared.value().get(p) - golden;
      if (bound > 0 && Double.isFinite(bound) && Double.isFinite(error)) {
        sum += Math.signum(golden) * error / bound;
        counted++;
      }
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }

  /** One line for each tensor. */
  public List<GateLine> lines() {
    List<GateLine> lines = new ArrayList<>();
    pools.forEach((tensor, pool) -> lines.add(line(tensor, pool)));
    return lines;
  }

  private static GateLine line(String tensor, Pool pool) {
    if (pool.rows < ENOUGH) {
      String text = "%d independent rows, %d are needed".formatted(pool.rows, ENOUGH);
      return new GateLine("G2", tensor, Outcome.NOT_ENOUGH, text);
    }
    double z = pool.squares == 0 ? 0 : pool.sum / Math.sqrt(pool.squares);
    double mean = pool.sum / pool.rows;
    boolean leans = Math.abs(z) > LIMIT && Math.abs(mean) > LEAN;
    String text =
        String.format(
            Locale.ROOT,
            "mean %+.5f of the bound (limit %.4f), z %+.2f (limit %.2f), %d rows",
            mean,
            LEAN,
            z,
            LIMIT,
            pool.rows);
    return new GateLine("G2", tensor, leans ? Outcome.FAIL : Outcome.PASS, text);
  }
}
