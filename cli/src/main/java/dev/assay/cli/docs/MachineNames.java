package dev.assay.cli.docs;

import dev.assay.gradcheck.precision.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What machines are called beside each other: by what tells them apart. */
public final class MachineNames {
  private static final List<Function<Machine, String>> PARTS =
      List.of(
          machine -> machine.storage().toString(),
          machine -> "sums in " + machine.accumulate(),
          machine -> "to " + named(machine),
          machine -> machine.summation().toString());

  private MachineNames() {}

  private static String named(Machine machine) {
    return switch (machine.rule()) {
      case NEAREST -> "nearest";
      case ZERO -> "zero";
      case STOCHASTIC -> "either side at random";
    };
  }

  /** The parts of one that not all share; empty if there is one alone. */
  public static String of(Machine machine, List<Machine> all) {
    return parts(machine, all, false);
  }

  /** The parts that all share. */
  public static String common(List<Machine> all) {
    return parts(all.getFirst(), all, true);
  }

  private static String parts(Machine machine, List<Machine> all, boolean shared) {
    List<String> parts = new ArrayList<>();
    for (Function<Machine, String> part : PARTS) {
      if ((all.stream().map(part).distinct().count() == 1) == shared) {
        parts.add(part.apply(machine));
      }
    }
    return String.join(", ", parts);
  }
}
