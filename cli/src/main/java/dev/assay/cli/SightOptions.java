package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.Sight;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a mechanism is looked at, and what its tokens stand for: shared by draw and explain. */
final class SightOptions {
  @Option(
      names = "--of",
      defaultValue = "AUTO",
      description = {
        "softmaxes: every softmax, or what stands in for it; output: what the value of each token",
        "counts for in the output, through gates, means and landmarks; auto: the output where no"
            + " softmax is over the tokens themselves (default: auto)."
      })
  private Sight.Of of = Sight.Of.AUTO;

  @Option(names = "--batch", defaultValue = "0", paramLabel = "B", description = "Its batch entry.")
  private int batch;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "What the keys stand for: a file with a line for each, or a byte for each.")
  private @Nullable Path tokens;

  int batch() {
    return batch;
  }

  /** What there is to look at, at least one thing. */
  List<Sight> sights(Mechanism mechanism, Map<String, Tensor> tensors) {
    Usage.atLeast(0, batch, "--batch");
    List<Sight> sights = Sight.of(mechanism, tensors, of);
    Require.argument(
        !sights.isEmpty(), "%s has no softmax to look at: take --of output", mechanism.id());
    Require.index(batch, sights.getFirst().rows().batches(), "--batch");
    return sights;
  }

  /** What so many tokens stand for, or null if nothing says it. */
  @Nullable TokenText text(SubjectOptions subject, int count) throws IOException {
    return tokens != null ? TokenText.read(tokens, count) : subject.tokenText();
  }
}
