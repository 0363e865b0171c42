package dev.assay.cli;

import dev.assay.bench.headline.Sizes;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code assay bench} is told about the headline suite. */
final class HeadlineOptions {
  /** The suites there are. */
  enum Suite {
    HEADLINE,
    DEVICE
  }

  @Option(
      names = "--suite",
      description = "Measure a suite instead: one of ${COMPLETION-CANDIDATES}.")
  @Nullable Suite suite;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Suite: numbers of threads (default: 1 and one a processor).")
  List<Integer> threads = List.of();

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Suite: JVMs for each experiment (default: ${DEFAULT-VALUE}).")
  int forks;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "ID",
      description =
          "Suite: these experiments, or all whose names begin so; an unknown one lists all.")
  List<String> only = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Suite: write headline.json and the plots there.")
  @Nullable Path out;

  @Option(
      names = "--sizes",
      defaultValue = "FULL",
      description = "Suite: one of ${COMPLETION-CANDIDATES}; TINY tries the code, no more.")
  Sizes sizes = Sizes.FULL;

  @Option(
      names = "--report",
      paramLabel = "JSON",
      description = "Make the page of a headline.json instead of measuring.")
  @Nullable Path report;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Report: the page to write, for instance docs/performance.md.")
  @Nullable Path write;

  /** Options that say nothing together are a mistake. */
  void check(CommandSpec spec) {
    if (suite != null && report != null) {
      throw refused(spec, "--suite measures and --report does not: give one of them");
    }
    if (write != null && report == null) {
      throw refused(spec, "--write needs --report JSON: the page is made from a headline.json");
    }
    if (suite == null && (out != null || !only.isEmpty() || !threads.isEmpty())) {
      throw refused(spec, "--out, --only and --threads belong to a suite: add --suite headline");
    }
  }

  private static ParameterException refused(CommandSpec spec, String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /** The numbers of threads to run on. */
  List<Integer> threadCounts() {
    return threads.isEmpty() ? List.of(1, Runtime.getRuntime().availableProcessors()) : threads;
  }
}
