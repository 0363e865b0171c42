package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay explain}: which keys a query attends to, how much, and why. */
@Command(
    name = "explain",
    header =
        "Names the keys that a query attends to, with their weights and the rule that lets them.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();

  @Option(names = "--row", required = true, paramLabel = "I", description = "The query.")
  private int row;

  @Option(names = "--head", defaultValue = "0", paramLabel = "H", description = "Its head.")
  private int head;

  @Option(names = "--batch", defaultValue = "0", paramLabel = "B", description = "Its batch entry.")
  private int batch;

  @Option(
      names = "--top",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many keys are named (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "What the keys stand for: a file with a line for each, or a byte for each.")
  private @Nullable Path tokens;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    Usage.atLeast(1, top, "--top");
    Usage.atLeast(0, row, "--row");
    Usage.atLeast(0, head, "--head");
    Usage.atLeast(0, batch, "--batch");
    Mechanism mechanism = subject.mechanism();
    Observation seen = Observation.of(mechanism, subject.tensors(mechanism));
    Require.argument(
        !seen.softmaxes().isEmpty(), "%s has no softmax that could be explained", mechanism.id());
    AttentionRows first = seen.softmaxes().getFirst();
    Require.index(batch, first.batches(), "--batch");
    Require.index(head, first.heads(), "--head");
    Require.index(row, first.queries(), "--row");
    TokenText text = tokens == null ? null : TokenText.read(tokens, first.keys());
    List<Explanation> explanations = new ArrayList<>();
    Mechanism.Rules rules = mechanism.rules(seen.inputs());
    for (AttentionRows softmax : seen.softmaxes()) {
      explanations.add(
          Explanation.of(softmax.row(batch, head, row), j -> rules.of(batch, head, row, j), top));
    }
    PrintWriter print = spec.commandLine().getOut();
    if (format == Format.JSON) {
      print.println(json(mechanism, explanations, text));
    } else {
      print(print, mechanism, explanations, text);
    }
    print.flush();
    return ExitCode.PASS;
  }

  private void print(
      PrintWriter print,
      Mechanism mechanism,
      List<Explanation> explanations,
      @Nullable TokenText text) {
    print.println(subject.describe(mechanism));
    print.printf("query %d of head %d, batch entry %d%n", row, head, batch);
    if (text != null) {
      print.printf("%s%n", text.around(row));
    }
    for (int s = 0; s < explanations.size(); s++) {
      print.println();
      if (explanations.size() > 1) {
        print.printf("softmax %d of %d%n", s + 1, explanations.size());
      }
      explanations.get(s).print(print, text);
    }
  }

  private String json(
      Mechanism mechanism, List<Explanation> explanations, @Nullable TokenText text) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("mechanism", mechanism.id());
    all.put("batch", batch);
    all.put("head", head);
    all.put("row", row);
    all.put("softmaxes", explanations.stream().map(explanation -> explanation.json(text)).toList());
    return Json.mapper().writeValueAsString(all);
  }
}
