package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.study.Cost;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay cost}: what a mechanism costs at a size, against dense attention. */
@Command(
    name = "cost",
    header = "Counts operations, pairs and bytes of a mechanism against dense attention.",
    description = {
      "Counted on what the mechanism asks an engine for, and on the ops around that, with made-up",
      "input; nothing is timed. A multiplication and an addition are one operation each, and so is",
      "any function of one number; a pair costs 2 (d + d_v) + 5. The cache holds keys and values of",
      "all layers; what decoding reads of it is what the last query meets.",
      "A model of the 7B class: --heads 32 --d 128 --layers 32 (the defaults)."
    },
    mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {
  private static final double GIGA = 1e9;
  private static final double MEBI = 1 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MechanismOption choice = new MechanismOption();

  @Option(
      names = "--n",
      split = ",",
      defaultValue = "1024,4096",
      paramLabel = "N",
      description = "Tokens, several with commas (default: ${DEFAULT-VALUE}).")
  private List<Integer> tokens = List.of();

  @Option(names = "--heads", defaultValue = "32", description = "Heads (${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--kv-heads",
      defaultValue = "0",
      description = "Heads of keys and values in the cache; 0 for as many as --heads.")
  private int kvHeads;

  @Option(names = "--d", defaultValue = "128", description = "Channels (${DEFAULT-VALUE}).")
  private int depth;

  @Option(names = "--layers", defaultValue = "32", description = "Layers (${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--bytes",
      defaultValue = "2",
      description = "Bytes of a number in the cache (${DEFAULT-VALUE}).")
  private int bytes;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() {
    tokens.forEach(n -> Usage.within(1, 1 << 17, n, "--n"));
    Usage.within(1, 256, heads, "--heads");
    Usage.within(0, heads, kvHeads, "--kv-heads");
    Usage.within(1, 4096, depth, "--d");
    Usage.atLeast(1, layers, "--layers");
    Usage.within(1, 8, bytes, "--bytes");
    Mechanism mechanism = choice.mechanism();
    Mechanism dense = MechanismCatalog.find("dense");
    if (mechanism.causal()) {
      dense = Settings.make(dense.getClass(), Map.of("causal", "true"));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int n : tokens) {
      rows.add(row(n, Cost.of(mechanism, n, heads, depth), Cost.of(dense, n, heads, depth)));
    }
    PrintWriter print = spec.commandLine().getOut();
    if (format == Format.JSON) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("mechanism", mechanism.id());
      all.put("heads", heads);
      all.put("d", depth);
      all.put("layers", layers);
      all.put("bytes", bytes);
      all.put("lengths", rows);
      print.println(Json.mapper().writeValueAsString(all));
    } else {
      print(print, mechanism, rows);
    }
    print.flush();
    return ExitCode.PASS;
  }

  private Map<String, Object> row(int n, Cost cost, Cost dense) {
    double keyBytes = 2.0 * (kvHeads == 0 ? heads : kvHeads) * depth * bytes * layers;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("n", n);
    row.put("pairs", cost.pairs());
    row.put("density", cost.pairs() / dense.pairs());
    row.put("operations", cost.operations());
    row.put("operations_around", cost.around());
    row.put("dense_operations", dense.operations());
    row.put("cache_bytes", keyBytes * n);
    row.put("decode_reads_bytes", keyBytes * cost.lastRow() / heads);
    return row;
  }

  private void print(PrintWriter print, Mechanism mechanism, List<Map<String, Object>> rows) {
    print.printf(
        Locale.ROOT,
        "%s; one layer of %d heads of %d channels; cache of %d layers, %d bytes a number%n%n",
        mechanism.id(),
        heads,
        depth,
        layers,
        bytes);
    print.printf(
        "%9s  %9s  %12s  %12s  %12s  %9s  %11s  %11s%n",
        "n", "density", "GFLOP", "around them", "dense GFLOP", "of dense", "cache MiB", "read MiB");
    for (Map<String, Object> row : rows) {
      double all = number(row, "operations");
      double dense = number(row, "dense_operations");
      print.printf(
          Locale.ROOT,
          "%9s  %7.2f %%  %12.3f  %12.3f  %12.3f  %7.2f %%  %11.1f  %11.1f%n",
          row.get("n"),
          100 * number(row, "density"),
          all / GIGA,
          number(row, "operations_around") / GIGA,
          dense / GIGA,
          100 * all / dense,
          number(row, "cache_bytes") / MEBI,
          number(row, "decode_reads_bytes") / MEBI);
    }
  }

  private static double number(Map<String, Object> row, String key) {
    return ((Number) Objects.requireNonNull(row.get(key))).doubleValue();
  }
}
