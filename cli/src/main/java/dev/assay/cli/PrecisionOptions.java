package dev.assay.cli;

import dev.assay.gradcheck.precision.Machine;
import dev.assay.gradcheck.precision.NumberFormat;
import dev.assay.gradcheck.precision.RoundingRule;
import dev.assay.gradcheck.precision.Setup;
import dev.assay.gradcheck.precision.Summation;
import dev.assay.gradcheck.precision.Sweep;
import dev.assay.gradcheck.precision.Sweep.Axis;
import dev.assay.mechanism.Mechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which machines {@code assay precision} looks at, on what, and what changes. */
final class PrecisionOptions {
  private static final int MOST_TOKENS = 4096;
  private static final int MOST_DEPTH = 4096;

  /** What may change. */
  enum Against {
    N,
    D,
    RANGE,
    BLOCK,
    /** Tokens, with a curve for each order of summation. */
    ORDER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    Axis axis() {
      return this == ORDER ? Axis.N : Axis.valueOf(name());
    }
  }

  @Option(
      names = "--storage",
      split = ",",
      defaultValue = "bf16",
      paramLabel = "FORMAT",
      description =
          "Of inputs, results and operands of products: f32, bf16, fp16, e4m3, e5m2; several with"
              + " commas (default: ${DEFAULT-VALUE}).")
  private List<NumberFormat> storage = List.of();

  @Option(
      names = "--accumulate",
      split = ",",
      defaultValue = "f32",
      paramLabel = "FORMAT",
      description = "Of scores, weights and sums; holds the storage's (${DEFAULT-VALUE}).")
  private List<NumberFormat> accumulate = List.of();

  @Option(
      names = "--rounding",
      split = ",",
      defaultValue = "nearest",
      paramLabel = "RULE",
      description = "nearest (ties to even), zero, stochastic (default: ${DEFAULT-VALUE}).")
  private List<RoundingRule> rounding = List.of();

  @Option(
      names = "--order",
      split = ",",
      paramLabel = "ORDER",
      description =
          "Of sums: naive, pairwise, neumaier, blocked (online softmax), tree (blocks merged by"
              + " their LSE) (default: naive; against block: blocked).")
  private List<Summation> orders = new ArrayList<>();

  @Option(
      names = "--against",
      defaultValue = "n",
      paramLabel = "WHAT",
      description = "What changes: ${COMPLETION-CANDIDATES}; order: n, for every order (n).")
  private Against against = Against.N;

  @Option(
      names = "--values",
      split = ",",
      paramLabel = "X",
      description = "What it becomes, rising (default: powers of two).")
  private List<Double> values = new ArrayList<>();

  @Option(names = "--n", defaultValue = "256", description = "Tokens (${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--d", defaultValue = "32", description = "Channels (${DEFAULT-VALUE}).")
  private int depth;

  @Option(names = "--heads", defaultValue = "1", description = "Heads (${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--range",
      defaultValue = "1",
      description = "Factor of q, by which logits grow (${DEFAULT-VALUE}).")
  private double range;

  @Option(names = "--block", defaultValue = "64", description = "Terms a block (${DEFAULT-VALUE}).")
  private int block;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of inputs and of stochastic rounding (${DEFAULT-VALUE}).")
  private int seed;

  @Option(names = "--forward", description = "Leaves gradients out.")
  private boolean forward;

  /** On what. */
  Setup setup(Mechanism mechanism) {
    Usage.within(1, MOST_TOKENS, tokens, "--n");
    Usage.within(1, MOST_DEPTH, depth, "--d");
    Usage.within(1, 256, heads, "--heads");
    Usage.require(
        range > 0 && range <= 1e6, "--range is %s: it must be positive, at most 1e6", range);
    Setup setup = new Setup(mechanism, tokens, depth, heads, range, seed, !forward);
    Usage.require(
        against != Against.RANGE || setup.readsQueries(),
        "--against is range: %s reads no tensor q, so that nothing scales its logits",
        mechanism.id());
    return setup;
  }

  /** What changes, and to what. */
  Sweep sweep() {
    Sweep usual = Sweep.usual(against.axis());
    List<Double> chosen = values.isEmpty() ? usual.values() : values;
    double most = against.axis() == Axis.RANGE ? 1e6 : MOST_TOKENS;
    for (int v = 0; v < chosen.size(); v++) {
      double value = chosen.get(v);
      boolean whole = against.axis() == Axis.RANGE || value == Math.rint(value);
      Usage.require(
          value > 0 && value <= most && whole,
          "--values has %s: what --against %s counts must be %s, at most %.0f",
          value,
          against,
          against.axis() == Axis.RANGE ? "positive" : "whole and positive",
          most);
      Usage.require(
          v == 0 || value > chosen.get(v - 1), "--values has %s: values must rise", value);
    }
    return new Sweep(against.axis(), chosen);
  }

  /** Every combination. */
  List<Machine> machines() {
    Usage.within(1, 1 << 20, block, "--block");
    List<Machine> machines = new ArrayList<>();
    for (NumberFormat stored : storage) {
      for (NumberFormat sums : accumulate) {
        Usage.require(
            sums.holds(stored),
            "--accumulate is %s: it must hold every value of --storage %s, as f32 does",
            sums,
            stored);
        for (RoundingRule rule : rounding) {
          chosenOrders()
              .forEach(order -> machines.add(new Machine(stored, sums, rule, order, block)));
        }
      }
    }
    return machines;
  }

  private List<Summation> chosenOrders() {
    if (against == Against.BLOCK) {
      List<Summation> blocked = orders.isEmpty() ? List.of(Summation.BLOCKED) : orders;
      Usage.require(
          blocked.stream().allMatch(Summation::hasBlocks),
          "--order is %s: against block it must be blocked or tree, for others have no blocks",
          blocked);
      return blocked;
    }
    if (against == Against.ORDER) {
      Usage.require(orders.isEmpty(), "--order is given: --against order takes all; leave it out");
      return List.of(Summation.values());
    }
    return orders.isEmpty() ? List.of(Summation.NAIVE) : orders;
  }
}
