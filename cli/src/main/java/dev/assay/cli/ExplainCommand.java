package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.file.Json;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.Sight;
import java.io.IOException;
import java.io.PrintWriter;
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

/**
 * {@code assay explain}: which keys a query attends to, how much, and why; of an element of the
 * suite its numbers and what bounds it.
 */
@Command(
    name = "explain",
    header =
        "Names the keys that a query attends to, with their weights and the rule that lets them.",
    description =
        "CASE[tensor,index,...] in the place of MECHANISM, as in 'dense/square[out,0,0,5,2]', is one"
            + " element of the golden suite: its value, the radius of all right kernels, its bound"
            + " by what rounds, and the pairs that it is made of; with --results what was handed in.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SubjectOptions subject = new SubjectOptions();
  @Mixin private SightOptions sight = new SightOptions();

  @Mixin private ElementOptions element = new ElementOptions();

  @Option(names = "--row", paramLabel = "I", description = "The query; needed with a mechanism.")
  private @Nullable Integer query;

  private int row;

  @Option(names = "--head", defaultValue = "0", paramLabel = "H", description = "Its head.")
  private int head;

  @Option(
      names = "--top",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many keys are named (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    if (ElementName.isMeant(subject.word())) {
      Usage.require(
          query == null, "--row is for a mechanism: %s names its row itself", subject.word());
      element.explain(subject.word(), spec.commandLine().getOut());
      spec.commandLine().getOut().flush();
      return ExitCode.PASS;
    }
    return keys();
  }

  private int keys() throws IOException {
    Usage.require(
        !element.given(),
        "--class and --results are for an element: write CASE[tensor,index,...] for %s",
        subject.word());
    Usage.atLeast(1, top, "--top");
    Integer given = query;
    if (given == null) {
      throw new Usage.BadValue("--row is missing: say which query of " + subject.word());
    }
    row = given;
    Usage.atLeast(0, row, "--row");
    Usage.atLeast(0, head, "--head");
    Mechanism mechanism = subject.mechanism();
    List<Sight> sights = sight.sights(mechanism, subject.tensors(mechanism));
    AttentionRows first = sights.getFirst().rows();
    Require.index(head, first.heads(), "--head");
    Require.index(row, first.queries(), "--row");
    TokenText text = sight.text(subject, first.keys());
    List<Explanation> explanations = new ArrayList<>();
    for (Sight seen : sights) {
      if (row < seen.rows().queries()) {
        explanations.add(explanation(seen, text));
      }
    }
    PrintWriter print = spec.commandLine().getOut();
    if (format == Format.JSON) {
      print.println(json(mechanism, explanations));
    } else {
      print(print, mechanism, explanations, text);
    }
    print.flush();
    return ExitCode.PASS;
  }

  /** Keys that are not the tokens themselves, as means and compressed ones, have no text. */
  private Explanation explanation(Sight seen, @Nullable TokenText text) {
    int b = sight.batch();
    return Explanation.of(
        seen.name(),
        seen.rows().row(b, head, row),
        j -> seen.rules().of(b, head, row, j),
        top,
        text != null && text.all().size() == seen.rows().keys() ? text : null);
  }

  private void print(
      PrintWriter print,
      Mechanism mechanism,
      List<Explanation> explanations,
      @Nullable TokenText text) {
    print.println(subject.describe(mechanism));
    print.printf("query %d of head %d, batch entry %d%n", row, head, sight.batch());
    if (text != null) {
      print.printf("%s%n", text.around(row));
    }
    for (Explanation explanation : explanations) {
      print.println();
      if (!explanation.name().isEmpty()) {
        print.println(explanation.name());
      }
      explanation.print(print);
    }
  }

  private String json(Mechanism mechanism, List<Explanation> explanations) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("mechanism", mechanism.id());
    all.put("batch", sight.batch());
    all.put("head", head);
    all.put("row", row);
    all.put("softmaxes", explanations.stream().map(Explanation::json).toList());
    return Json.mapper().writeValueAsString(all);
  }
}
