package dev.assay.cli;

import dev.assay.bench.PeerKernel;
import dev.assay.bench.headline.Headline;
import dev.assay.bench.report.PerformancePage;
import dev.assay.bench.report.Plots;
import dev.assay.bench.report.Report;
import dev.assay.bench.report.ReportJson;
import dev.assay.bench.report.Verdict;
import dev.assay.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Measures the headline suite, or makes the page of what was measured.
 *
 * @param spec where to print
 * @param options what the user asked for
 */
record HeadlineRun(CommandSpec spec, HeadlineOptions options) {
  int measure(int rounds, double warmUpSeconds, boolean json)
      throws IOException, InterruptedException {
    Headline suite = suite(rounds, warmUpSeconds);
    Path folder = options.out;
    if (folder != null) {
      // Before an hour of measuring, not after it.
      Files.createDirectories(folder);
    }
    Report report = suite.run(command(rounds, warmUpSeconds));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(ReportJson.write(report));
      out.flush();
    } else {
      new HeadlineText(out, report).print();
    }
    if (folder != null) {
      AtomicFile.write(folder.resolve("headline.json"), ReportJson.write(report));
      new Plots(report).write(folder);
    }
    return exitCode(report);
  }

  private Headline suite(int rounds, double warmUpSeconds) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return new Headline(
          options.threadCounts(),
          options.forks,
          rounds,
          warmUpSeconds,
          options.only,
          options.sizes,
          stage -> {
            err.println("assay: " + stage);
            err.flush();
          });
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(refused.getMessage()), refused);
    }
  }

  private static int exitCode(Report report) {
    if (report.nothingMeasured()) {
      return ExitCode.NOTHING_RUN;
    }
    return report.count(Verdict.MISSED) > 0 ? ExitCode.MISMATCH : ExitCode.PASS;
  }

  /** What repeats the run, without the folder that it wrote to. */
  private String command(int rounds, double warmUpSeconds) {
    StringBuilder command = new StringBuilder("./assay");
    if (!PeerKernel.all().isEmpty()) {
      command.append(" --with peers");
    }
    command.append(" bench --suite headline --threads ");
    command.append(
        options.threadCounts().stream().map(String::valueOf).collect(Collectors.joining(",")));
    command.append(" --forks ").append(options.forks);
    command.append(String.format(Locale.ROOT, " --rounds %d", rounds));
    command.append(" --warm-up ").append(warmUpSeconds);
    if (!options.only.isEmpty()) {
      command.append(" --only ").append(String.join(",", options.only));
    }
    return command.toString();
  }

  /** Reads what was measured and writes or prints its page. */
  int page() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Report report;
    try {
      report = ReportJson.read(Files.readString(Objects.requireNonNull(options.report)));
    } catch (IllegalArgumentException malformed) {
      spec.commandLine().getErr().println("assay: " + malformed.getMessage());
      spec.commandLine().getErr().flush();
      return ExitCode.MALFORMED;
    }
    String page = new PerformancePage(report).text();
    Path target = options.write;
    if (target == null) {
      out.print(page);
    } else {
      AtomicFile.write(target, page);
      out.println("written: " + target);
    }
    out.flush();
    return ExitCode.PASS;
  }
}
