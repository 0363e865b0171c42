package dev.assay.cli;

import dev.assay.gradcheck.onnx.NodeTest;
import dev.assay.gradcheck.onnx.NodeTests;
import dev.assay.gradcheck.onnx.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay onnx}: ONNX backend node tests through the oracle. */
@Command(
    name = "onnx",
    header = "Runs ONNX backend node tests of attention operators through the oracle.",
    description = {
      "A node test is a folder with model.onnx and test_data_set_*/input_k.pb, output_k.pb.",
      "Attention, LinearAttention and RotaryEmbedding are computed, and FlexAttention without graph"
          + " attributes; "
          + "every element of an output must lie within the rounding errors of its precision."
    },
    mixinStandardHelpOptions = true)
final class OnnxCommand implements Callable<Integer> {
  /** How the verdict is written. */
  enum Format {
    TEXT,
    JSON,
    JUNIT
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "A node test, or a folder of node tests.")
  private Path directory = Path.of("");

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(names = "--verbose", description = "A line for every test, also for those that pass.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException {
    List<NodeTest> tests = NodeTests.in(directory);
    if (tests.isEmpty()) {
      throw new Absent(
          directory
              + " holds no node test: a test is a folder with model.onnx; name it, or the folder of"
              + " such folders");
    }
    Verdict verdict = NodeTests.run(tests);
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TEXT -> new OnnxText(out, directory, verbose).write(verdict);
      case JSON -> out.println(OnnxDocuments.json(verdict));
      case JUNIT -> out.println(OnnxDocuments.junit(verdict));
    }
    out.flush();
    return ExitCode.of(
        verdict.malformed() > 0 ? ExitCode.MALFORMED : ExitCode.PASS,
        verdict.failed() > 0 ? ExitCode.MISMATCH : ExitCode.PASS,
        verdict.passed() + verdict.failed() == 0 ? ExitCode.NOTHING_RUN : ExitCode.PASS);
  }
}
