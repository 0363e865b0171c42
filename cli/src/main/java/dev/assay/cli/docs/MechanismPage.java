package dev.assay.cli.docs;

import dev.assay.cli.docs.MechanismDocument.CaseDocument;
import dev.assay.cli.docs.MechanismDocument.ResultDocument;
import dev.assay.cli.docs.MechanismDocument.SettingDocument;
import dev.assay.cli.docs.MechanismDocument.TensorDocument;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;

/** The page {@code docs/mechanisms/<id>.md}. */
public final class MechanismPage {
  private final StringBuilder page = new StringBuilder();

  private MechanismPage() {}

  /** The page as Markdown. */
  public static String of(Mechanism mechanism) {
    MechanismPage made = new MechanismPage();
    made.write(MechanismDocument.of(mechanism), mechanism);
    return made.page.toString();
  }

  private void write(MechanismDocument it, Mechanism mechanism) {
    line("# " + it.title());
    line("");
    line(
        "<!-- Made from the catalogue by './assay docs --write': change the mechanism instead. -->");
    line("");
    line(it.idea());
    line("");
    fenced(it.formula() + "\n");
    line("- Source: " + it.paper() + ".");
    line("- Cost: " + it.cost() + ".");
    line(
        "- Kind: reach %s; choice %s; pattern %s; by %s."
            .formatted(it.reach(), it.choice().replace('_', '-'), it.timing(), it.granularity()));
    String path = mechanism.getClass().getName().replace('.', '/');
    line("- Code: `reference/src/main/java/" + path + ".java`, id `" + it.id() + "`.");
    line("");
    picture(mechanism);
    Case drawn = mechanism.cases().getFirst();
    line("Which query (row) attends to which key (column) in the case `" + drawn.name() + "`:");
    line("");
    fenced(PatternSketch.of(drawn));
    line("## How the source is read");
    line("");
    it.readings().forEach(reading -> line("- " + reading));
    line("");
    settings(it);
    tensors(it);
    cases(it);
  }

  private void picture(Mechanism mechanism) {
    Specimen specimen = Specimen.of(mechanism);
    line("![%s](../pictures/%s.svg)".formatted(GalleryPage.alt(mechanism), mechanism.id()));
    line("");
    line("Drawn by");
    line("");
    fenced(specimen.command() + "\n");
    line("All mechanisms side by side: [gallery](../gallery.md).");
    line("");
  }

  private void settings(MechanismDocument it) {
    line("## Settings");
    line("");
    line("Each is typed as `--set key=value`.");
    line("");
    row("key", "type", "default", "meaning");
    row("---", "---", "---", "---");
    for (SettingDocument setting : it.settings()) {
      String type = setting.type().replace("|", ", ");
      row(code(setting.key()), type, code(setting.byDefault()), setting.meaning());
    }
    line("");
  }

  private void tensors(MechanismDocument it) {
    line("## Tensors");
    line("");
    row("name", "shape", "kind", "meaning");
    row("---", "---", "---", "---");
    for (TensorDocument tensor : it.tensors()) {
      String kind = tensor.kind() + (tensor.required() ? ", required" : "");
      String shape = tensor.shape().replace("|", " or ");
      row(code(tensor.name()), shape, kind, tensor.meaning());
    }
    line("");
    line("Inputs and parameters are differentiated, choices are not. It gives back:");
    line("");
    for (ResultDocument result : it.results()) {
      line("- " + code(result.name()) + ": " + result.meaning());
    }
    line("");
  }

  private void cases(MechanismDocument it) {
    line("## Cases");
    line("");
    row("number", "name", "settings", "used for", "remark");
    row("---:", "---", "---", "---", "---");
    for (CaseDocument problem : it.cases()) {
      row(
          String.valueOf(problem.id()),
          problem.name(),
          String.join(" ", problem.settings()),
          String.join(", ", problem.roles()),
          problem.remark());
    }
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private void fenced(String text) {
    page.append("```text\n").append(text).append("```\n\n");
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
