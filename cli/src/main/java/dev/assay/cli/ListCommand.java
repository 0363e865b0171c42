package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.cli.docs.MechanismDocument;
import dev.assay.cli.docs.PaperSystem;
import dev.assay.cli.docs.PaperSystems;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.file.Json;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.layout.BlockLayout;
import dev.assay.layout.LayoutCard;
import dev.assay.layout.LayoutCatalog;
import dev.assay.op.OpCatalog;
import dev.assay.op.Primitive;
import dev.assay.op.Sample;
import dev.assay.wiring.Wiring;
import dev.assay.wiring.WiringCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay list}: what there is, to read or as JSON with every key, tensor and default. */
@Command(
    name = "list",
    header =
        "Names the mechanisms, systems of the papers, engines, ops, golden cases, block layouts or"
            + " wirings that there are.",
    description =
        "With --format json a mechanism comes with its settings, tensors, results and cases, a"
            + " layout with its tensors and what it can say, a wiring with its text.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
  /** What can be listed. */
  enum What {
    MECHANISMS,
    SYSTEMS,
    ENGINES,
    OPS,
    CASES,
    LAYOUTS,
    WIRINGS
  }

  /** A row of the text. */
  private record Line(String name, String text) {}

  private record EngineDocument(
      String id,
      boolean available,
      String description,
      String remedy,
      String storage,
      String precisionClass) {}

  private record OpDocument(
      String name, List<String> parameters, int inputs, List<Integer> withoutGradient) {}

  private record SystemDocument(
      String name, String mechanism, Map<String, String> settings, String type) {
    static SystemDocument of(PaperSystem system) {
      String type = system.type() == null ? "" : system.where();
      return new SystemDocument(system.name(), system.mechanism(), system.settings(), type);
    }
  }

  private record GoldenDocument(
      int tcId, String name, String mechanism, List<String> flags, String comment) {}

  private record WiringDocument(
      String name, String title, @Nullable String mechanism, List<String> takes, String text) {}

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}, in any case.")
  private What what = What.MECHANISMS;

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    switch (what) {
      case MECHANISMS ->
          print(
              MechanismCatalog.all(),
              MechanismDocument::of,
              it -> new Line(it.id(), it.card().idea()));
      case SYSTEMS ->
          print(PaperSystems.all(), SystemDocument::of, it -> new Line(it.name(), it.where()));
      case ENGINES -> print(Engines.all(), ListCommand::document, ListCommand::line);
      case OPS -> print(ops(), it -> it, ListCommand::line);
      case CASES ->
          print(
              Suite.load().judged(),
              ListCommand::document,
              it -> new Line(it.name(), it.comment()));
      case WIRINGS ->
          print(
              WiringCatalog.names().stream().map(WiringCatalog::find).toList(),
              ListCommand::document,
              it -> new Line(it.name(), it.title()));
      case LAYOUTS ->
          print(LayoutCatalog.all(), BlockLayout::card, it -> new Line(it.id(), line(it.card())));
    }
    return ExitCode.PASS;
  }

  private <T> void print(List<T> things, Function<T, Object> document, Function<T, Line> line) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(Json.mapper().writeValueAsString(things.stream().map(document).toList()));
    } else {
      List<Line> lines = things.stream().map(line).toList();
      int width = lines.stream().mapToInt(row -> row.name().length()).max().orElse(1);
      for (Line row : lines) {
        out.printf("%-" + width + "s  %s%n", row.name(), row.text());
      }
    }
    out.flush();
  }

  private static Line line(Engine engine) {
    var availability = engine.availability();
    String state = availability.available() ? "" : "not available, " + availability.remedy() + ": ";
    return new Line(engine.id(), state + availability.description());
  }

  private static Line line(OpDocument op) {
    String inputs = op.inputs() == 1 ? "1 input" : op.inputs() + " inputs";
    String parameters = String.join(", ", op.parameters());
    return new Line(op.name(), parameters.isEmpty() ? inputs : inputs + "; " + parameters);
  }

  private static String line(LayoutCard card) {
    String tensors =
        card.tensors().stream()
            .map(
                it ->
                    "%s %s %s%s"
                        .formatted(
                            it.name(), it.shape(), it.dtype(), it.optional() ? " (optional)" : ""))
            .collect(Collectors.joining("; "));
    return "%s: %s. From %s.".formatted(card.title(), tensors, card.source());
  }

  private static Object document(Engine engine) {
    var availability = engine.availability();
    return new EngineDocument(
        engine.id(),
        availability.available(),
        availability.description(),
        availability.remedy(),
        engine.storage().toString(),
        engine.precisionClass());
  }

  private static Object document(GoldenCase one) {
    return new GoldenDocument(
        one.tcId(), one.name(), one.mechanism().id(), one.flags(), one.comment());
  }

  private static Object document(Wiring one) {
    return new WiringDocument(
        one.name(), one.title(), one.mechanism(), one.takes(), WiringCatalog.text(one.name()));
  }

  private static List<OpDocument> ops() {
    Map<String, OpDocument> ops = new LinkedHashMap<>();
    for (Sample sample : OpCatalog.samples()) {
      Primitive op = sample.op();
      ops.putIfAbsent(
          op.name(),
          new OpDocument(
              op.name(),
              Arrays.stream(op.getClass().getRecordComponents())
                  .map(RecordComponent::getName)
                  .toList(),
              sample.inputs().size(),
              OpCatalog.withoutGradient(op).stream().sorted().toList()));
    }
    return List.copyOf(ops.values());
  }
}
