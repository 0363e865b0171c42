package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far rounding moves each element of recorded values: the graph is replayed with every value
 * changed by a random relative error of 2^-26, a few times, and the root mean square of what that
 * does to an element, scaled back to 2^-53, is its sensitivity. Cancellation shows as such, element
 * by element. Source: Parker, "Monte Carlo arithmetic" (1997).
 */
final class Sensitivity {
  private static final double NOISE = 0x1p-26;
  private static final double ROUNDOFF = 0x1p-53;
  private static final int REPLAYS = 8;

  /** Bell-shaped integers have standard deviation 53,510; this makes it 1. */
  private static final double UNIT = 1 / 53510.0;

  /** A root mean square of eight is low by this factor less than once in ten million. */
  private static final double SAFETY = 8;

  private final Tape tape;
  private final int seed;
  private final double longest;

  Sensitivity(Tape tape, int seed) {
    this.tape = tape;
    this.seed = seed;
    this.longest =
        tape.nodes().stream()
            .flatMap(node -> node.inputs().stream())
            .mapToInt(x -> x.shape().rank() == 0 ? 1 : longestAxis(x))
            .max()
            .orElse(1);
  }

  private static int longestAxis(Var x) {
    int longest = 1;
    for (int extent : x.shape().toArray()) {
      longest = Math.max(longest, extent);
    }
    return longest;
  }

  /**
   * Tolerances for another way to compute the same values in fp64, with sums as long but in any
   * order.
   *
   * @param wanted values of the tape
   * @return for each of them, one tolerance an element
   */
  List<Tolerance[]> tolerances(List<Var> wanted) {
    List<double[]> squares = new ArrayList<>();
    wanted.forEach(var -> squares.add(new double[var.shape().size()]));
    for (int replay = 0; replay < REPLAYS; replay++) {
      Map<Var, Tensor> noisy = replay(replay);
      for (int v = 0; v < wanted.size(); v++) {
        Tensor exact = wanted.get(v).value();
        Tensor moved = noisy.getOrDefault(wanted.get(v), exact);
        for (int p = 0; p < exact.size(); p++) {
          double shift = (moved.get(p) - exact.get(p)) / NOISE;
          squares.get(v)[p] += Double.isFinite(shift) ? shift * shift : 0;
        }
      }
    }
    List<Tolerance[]> tolerances = new ArrayList<>();
    for (double[] square : squares) {
      Tolerance[] each = new Tolerance[square.length];
      for (int p = 0; p < each.length; p++) {
        double rms = Math.sqrt(square[p] / REPLAYS);
        each[p] = new Tolerance(SAFETY * (longest + 8) * ROUNDOFF * rms, 4 * ROUNDOFF, REASON);
      }
      tolerances.add(each);
    }
    return tolerances;
  }

  private static final String REASON =
      "how far fp64 rounding moves this element, measured by replays with random relative errors, "
          + "times the length of the longest sum";

  private Map<Var, Tensor> replay(int number) {
    Map<Var, Tensor> noisy = new HashMap<>();
    for (Node node : tape.nodes()) {
      List<Tensor> x = new ArrayList<>();
      for (Var input : node.inputs()) {
        x.add(noisy.computeIfAbsent(input, leaf -> perturb(leaf.value(), leaf.id(), number)));
      }
      List<Tensor> y = node.op().run(x);
      for (int o = 0; o < y.size(); o++) {
        Var output = node.outputs().get(o);
        noisy.put(output, perturb(y.get(o), output.id(), number));
      }
    }
    return noisy;
  }

  private Tensor perturb(Tensor value, int id, int replay) {
    Philox generator = new Philox(seed, id, replay);
    return Tensor.generate(
        value.shape(),
        p -> value.get(p) * (1 + NOISE * UNIT * Distribution.BELL.value(generator, p, 0)));
  }
}
