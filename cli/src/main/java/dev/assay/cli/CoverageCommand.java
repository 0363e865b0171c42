package dev.assay.cli;

import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.Coverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay coverage}: how much of dense attention a mechanism keeps. */
@Command(
    name = "coverage",
    header =
        "Measures how much of dense attention's weight a mechanism keeps, and how far it sees.",
    description = {
      "recall: the dense weight that lies on the keys which the mechanism keeps, for each head.",
      "intrinsic: the share of keys that dense attention itself needs for --mass of its weight.",
      "reach: how many tokens a token can have heard of after 1, 2, ... layers."
    },
    mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();

  @Option(
      names = "--layers",
      defaultValue = "4",
      description = "Layers of the reach (default: ${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--mass",
      defaultValue = "0.95",
      description = "Share of the weight for the intrinsic sparsity (default: ${DEFAULT-VALUE}).")
  private double mass;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    Usage.within(1, 64, layers, "--layers");
    Usage.require(mass > 0 && mass <= 1, "--mass is %s: it must lie in (0, 1]", mass);
    Mechanism mechanism = subject.mechanism();
    Coverage coverage = Coverage.of(mechanism, subject.tensors(mechanism), layers, mass);
    PrintWriter print = spec.commandLine().getOut();
    if (format == Format.JSON) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("mechanism", mechanism.id());
      all.put("density", coverage.density());
      all.put("recall", coverage.recall());
      all.put("mass", mass);
      all.put("intrinsic", coverage.intrinsic());
      all.put("reach", coverage.reach());
      print.println(Json.mapper().writeValueAsString(all));
    } else {
      print(print, mechanism, coverage);
    }
    print.flush();
    return ExitCode.PASS;
  }

  private void print(PrintWriter print, Mechanism mechanism, Coverage coverage) {
    print.println(subject.describe(mechanism));
    print.printf(
        Locale.ROOT, "density    %6.2f %% of dense attention's pairs%n", 100 * coverage.density());
    for (int h = 0; h < coverage.recall().length; h++) {
      print.printf(
          Locale.ROOT,
          "recall     %6.2f %% of its weight, head %d%n",
          100 * coverage.recall()[h],
          h);
    }
    print.printf(
        Locale.ROOT,
        "intrinsic  %6.2f %% of its keys hold %s of its weight%n",
        100 * coverage.intrinsic(),
        mass);
    for (int layer = 0; layer < layers; layer++) {
      print.printf(
          Locale.ROOT,
          "reach      %6.1f tokens after %d %s%n",
          coverage.reach()[layer],
          layer + 1,
          layer == 0 ? "layer" : "layers");
    }
  }
}
