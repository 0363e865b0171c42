package dev.assay.cli;

import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.Coverage;
import dev.assay.study.Coverage.Share;
import dev.assay.study.Reach;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SequencedMap;
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
      "recall: the dense weight that lies on the keys which the mechanism keeps.",
      "density: the kept pairs over those of dense attention.",
      "needs: the share of keys that dense attention itself needs for so much of its weight.",
      "reach: how many tokens a token can have heard of after 1, 2, ... layers.",
      "Each is given for every head, and for every layer that --in holds: the tensors of a layer"
          + " stand behind its name and a point, as layers.0.q."
    },
    mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();

  @Option(
      names = "--layers",
      defaultValue = "4",
      description = "Layers of the reach; those of --in are repeated (default: ${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--mass",
      split = ",",
      defaultValue = "0.9,0.95,0.99",
      description = "Shares of the weight for the needs (default: ${DEFAULT-VALUE}).")
  private List<Double> masses = new ArrayList<>();

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    Usage.within(1, 64, layers, "--layers");
    for (double mass : masses) {
      Usage.require(mass > 0 && mass <= 1, "--mass is %s: it must lie in (0, 1]", mass);
    }
    Mechanism mechanism = subject.mechanism();
    SequencedMap<String, Coverage> found = new LinkedHashMap<>();
    double[] shares = masses.stream().mapToDouble(Double::doubleValue).toArray();
    for (Entry<String, Map<String, Tensor>> layer : subject.layers(mechanism).entrySet()) {
      found.put(layer.getKey(), Coverage.of(mechanism, layer.getValue(), shares));
    }
    Reach reach = Reach.of(found.values().stream().map(Coverage::direct).toList(), layers);
    PrintWriter print = spec.commandLine().getOut();
    if (format == Format.JSON) {
      print.println(Json.mapper().writeValueAsString(json(mechanism, found, reach)));
    } else {
      print(print, mechanism, found, reach);
    }
    print.flush();
    return ExitCode.PASS;
  }

  private void print(
      PrintWriter print, Mechanism mechanism, Map<String, Coverage> found, Reach reach) {
    print.println(subject.describe(mechanism));
    found.forEach(
        (layer, coverage) -> {
          print.println();
          StringBuilder head = new StringBuilder("%-12s  recall  density".formatted(layer));
          masses.forEach(mass -> head.append("  needs for ").append(percent(mass, 0)));
          print.println(head);
          for (int h = 0; h < coverage.heads().size(); h++) {
            print.println(line("head " + h, coverage.heads().get(h)));
          }
          print.println(line("all heads", coverage.all()));
        });
    print.println();
    for (int layer = 0; layer < layers; layer++) {
      print.printf(
          Locale.ROOT,
          "reach %8.1f tokens after %d %s%n",
          reach.tokens()[layer],
          layer + 1,
          layer == 0 ? "layer" : "layers");
    }
  }

  private String line(String name, Share share) {
    StringBuilder line = new StringBuilder("%-12s".formatted(name));
    line.append("%8s %8s".formatted(percent(share.recall(), 1), percent(share.density(), 1)));
    for (double needed : share.intrinsic()) {
      line.append("%16s".formatted(percent(needed, 1)));
    }
    return line.toString();
  }

  private static String percent(double share, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * share);
  }

  private Map<String, Object> json(
      Mechanism mechanism, SequencedMap<String, Coverage> found, Reach reach) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("mechanism", mechanism.id());
    all.put("mass", masses);
    List<Map<String, Object>> entries = new ArrayList<>();
    found.forEach(
        (name, coverage) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("layer", name);
          entry.put("all", coverage.all());
          entry.put("heads", coverage.heads());
          entries.add(entry);
        });
    all.put("layers", entries);
    all.put("reach", reach.tokens());
    return all;
  }
}
