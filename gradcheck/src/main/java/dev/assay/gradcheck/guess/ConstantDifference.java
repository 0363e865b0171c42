package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.gate.Comparison;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The result is the golden tensor plus a number that is the same everywhere. */
final class ConstantDifference implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    Comparison compared = failure.compared();
    double[] differences =
        Arrays.stream(compared.failures())
            .mapToDouble(p -> compared.value().get(p) - compared.golden().get(p))
            .sorted()
            .toArray();
    double difference = differences[differences.length / 2];
    if (differences.length < 2 || !Double.isFinite(difference)) {
      return Optional.empty();
    }
    for (int p = 0; p < compared.golden().size(); p++) {
      double golden = compared.golden().get(p);
      if (Double.isFinite(golden) && !failure.near(p, golden + difference)) {
        return Optional.empty();
      }
    }
    boolean ln2 = Math.abs(Math.abs(difference) - StrictMath.log(2)) < 1e-3;
    return Optional.of(
        String.format(Locale.ROOT, "constant difference %+.4f", difference)
            + (ln2 ? ": ln 2, a factor 2 in the sum of exponentials?" : ""));
  }
}
