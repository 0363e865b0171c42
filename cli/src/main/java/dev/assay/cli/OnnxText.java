package dev.assay.cli;

import dev.assay.gradcheck.onnx.Difference;
import dev.assay.gradcheck.onnx.Outcome;
import dev.assay.gradcheck.onnx.Verdict;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The verdict on node tests for people: what failed, what is not supported in groups, the counts.
 */
final class OnnxText {
  private final PrintWriter out;
  private final Path directory;
  private final boolean verbose;

  OnnxText(PrintWriter out, Path directory, boolean verbose) {
    this.out = out;
    this.directory = directory;
    this.verbose = verbose;
  }

  void write(Verdict verdict) {
    Map<String, Integer> groups = new TreeMap<>();
    for (Outcome outcome : verdict.outcomes()) {
      switch (outcome) {
        case Outcome.Passed passed -> {
          if (verbose) {
            out.printf("passed         %s (%s)%n", passed.test(), passed.operator());
          }
        }
        case Outcome.Failed failed -> failed(failed);
        case Outcome.Malformed malformed ->
            out.printf("malformed      %s: %s%n", malformed.test(), malformed.sentence());
        case Outcome.NotSupported beyond -> {
          if (verbose) {
            out.printf(
                "not supported  %s: %s, %s%n", beyond.test(), beyond.operator(), beyond.reason());
          }
          groups.merge(beyond.operator() + ": " + beyond.reason(), 1, Integer::sum);
        }
      }
    }
    if (!verbose) {
      groups.forEach((group, tests) -> out.printf("not supported  %d x %s%n", tests, group));
    }
    out.println(verdict.counts());
  }

  private void failed(Outcome.Failed failed) {
    for (Difference difference : failed.differences()) {
      out.printf(
          "failed         %s (%s), output %s: %s%n",
          failed.test(), failed.operator(), difference.output(), difference.sentence());
    }
    boolean one = Files.exists(directory.resolve("model.onnx"));
    Path test = one ? directory : directory.resolve(failed.test());
    out.println("               again: " + Launch.replay("onnx", test.toString()).line());
  }
}
