package dev.assay.cli;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Results held against those of another program, tensor by tensor. */
final class Agreement {
  /** Where the truth is 0, as the gradient of a bias of keys is, both sides hold rounding alone. */
  private static final double ROUNDING = 1e-14;

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description = {
        "Compares the results with tensors of that name (--map renames them too), and exits with 1"
            + " if one differs; may be given again."
      })
  private List<Path> expect = new ArrayList<>();

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "1e-9",
      description =
          "How far a result may lie from what is expected, relative to the largest element of its"
              + " tensor (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  /** The files to compare with; none if nothing is expected. */
  List<Path> files() {
    return expect;
  }

  /** Refuses a tolerance that everything or nothing would meet. */
  void check() {
    Usage.require(
        tolerance >= 0 && tolerance < 1,
        "--tolerance is %s: it is relative, and must lie in [0, 1)",
        tolerance);
  }

  /**
   * Compares and prints a line for each tensor.
   *
   * @param expected what another program gave
   * @param read names that the run read, or that told how others are to be read: no results
   * @return the exit code
   */
  int verdict(
      Map<String, Tensor> results,
      Map<String, Tensor> expected,
      Set<String> read,
      PrintWriter print) {
    int compared = 0;
    int wrong = 0;
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, Tensor> one : expected.entrySet()) {
      Tensor result = results.get(one.getKey());
      if (result != null) {
        compared++;
        wrong += agrees(one.getKey(), result, one.getValue(), print) ? 0 : 1;
      } else if (!read.contains(one.getKey())) {
        left.add(one.getKey());
      }
    }
    if (!left.isEmpty()) {
      print.println("no result to compare with: " + String.join(", ", left));
    }
    if (compared == 0) {
      print.println("nothing was compared: none of the expected tensors is called as a result");
      return ExitCode.NOTHING_RUN;
    }
    print.printf(
        Locale.ROOT,
        "%d tensors compared, %d differ; tolerance %.1e of the largest element%n",
        compared,
        wrong,
        tolerance);
    return wrong == 0 ? ExitCode.PASS : ExitCode.MISMATCH;
  }

  private boolean agrees(String name, Tensor result, Tensor expected, PrintWriter print) {
    if (!result.shape().equals(expected.shape())) {
      print.printf(
          "DIFFERS  %s has shape %s: %s is expected%n", name, result.shape(), expected.shape());
      return false;
    }
    double largest =
        Arrays.stream(expected.toDoubles()).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    double allowed = tolerance * largest + ROUNDING;
    int worst = 0;
    double most = 0;
    for (int p = 0; p < expected.size(); p++) {
      double error = error(result.get(p), expected.get(p));
      if (error > most) {
        most = error;
        worst = p;
      }
    }
    boolean agrees = most <= allowed;
    print.printf(
        Locale.ROOT,
        "%-8s %s: %d elements, largest error %.1e of %.1e%n",
        agrees ? "agrees" : "DIFFERS",
        name,
        expected.size(),
        most,
        largest);
    if (!agrees) {
      Shape shape = expected.shape();
      print.printf(
          "         worst at %s: result %s, expected %s%n",
          Arrays.toString(shape.index(worst)), result.get(worst), expected.get(worst));
    }
    return agrees;
  }

  /** NaN agrees with NaN alone, and an infinity with itself. */
  private static double error(double result, double expected) {
    if (result == expected || (Double.isNaN(result) && Double.isNaN(expected))) {
      return 0;
    }
    double error = Math.abs(result - expected);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
