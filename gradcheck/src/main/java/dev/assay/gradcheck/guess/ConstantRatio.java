package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.gate.Comparison;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The result is the golden tensor times a number, everywhere or in whole heads. */
final class ConstantRatio implements Guess {
  private static final double LN2 = StrictMath.log(2);

  @Override
  public Optional<String> look(Failure failure) {
    Comparison compared = failure.compared();
    Set<Integer> heads = new TreeSet<>();
    if (failure.axes().byHead()) {
      failure.rows().keySet().forEach(row -> heads.add(failure.axes().headOfRow(row)));
    }
    int[] region = region(failure, heads);
    double ratio = median(compared, region);
    if (!Double.isFinite(ratio) || ratio == 0 || Math.abs(ratio - 1) < 1e-6) {
      return Optional.empty();
    }
    for (int p : region) {
      if (!failure.near(p, ratio * compared.golden().get(p))) {
        return Optional.empty();
      }
    }
    boolean whole = !failure.axes().byHead() || heads.size() == failure.axes().heads();
    return Optional.of(text(failure, ratio, whole, heads));
  }

  /** All elements of the heads that fail. */
  private static int[] region(Failure failure, Set<Integer> heads) {
    int[] all = new int[failure.compared().golden().size()];
    Arrays.setAll(all, p -> p);
    if (!failure.axes().byHead()) {
      return all;
    }
    return Arrays.stream(all)
        .filter(p -> heads.contains(failure.axes().headOfRow(failure.axes().row(p))))
        .toArray();
  }

  /** Median of value / golden over the larger half of the golden values. */
  private static double median(Comparison compared, int[] region) {
    double[] sizes =
        Arrays.stream(region)
            .mapToDouble(p -> Math.abs(compared.golden().get(p)))
            .sorted()
            .toArray();
    double large = sizes.length == 0 ? 0 : sizes[sizes.length / 2];
    double[] ratios =
        Arrays.stream(region)
            .filter(p -> Math.abs(compared.golden().get(p)) >= large)
            .mapToDouble(p -> compared.value().get(p) / compared.golden().get(p))
            .sorted()
            .toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }

  private static String text(Failure failure, double ratio, boolean whole, Set<Integer> heads) {
    String number = String.format(Locale.ROOT, "%.4f", ratio);
    if (failure.tensor().equals("lse") && near(ratio, 1 / LN2)) {
      return "constant ratio " + number + " (its inverse is 0.6931): LSE in base 2?";
    }
    if (failure.tensor().equals("lse") && near(ratio, LN2)) {
      return "constant ratio 0.6931: LSE in base 2, or changed to base e twice?";
    }
    if (whole) {
      return "constant ratio " + number + ": scale?";
    }
    String which = heads.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String whom = heads.size() == 1 ? "head " + which + " is" : "heads " + which + " are";
    return whom + " scaled by a constant " + number;
  }

  private static boolean near(double ratio, double constant) {
    return Math.abs(ratio / constant - 1) < 1e-3;
  }
}
