package dev.assay.cli.docs;

import dev.assay.mechanism.Mechanism;
import java.util.List;

/** The page that finds a system by the name that papers give it. */
final class SystemPage {
  private static final String HEAD =
      """
      # Systems by the names of the papers

      <!-- made by './assay docs --write' -->

      A mechanism has one page, and settings for what papers, or versions of their code, do differently. Here is each system under the name
      by which it is known, and what to type for it: `./assay draw`, `explain`, `run`, `cost`, `coverage` and `train recall --mechanism` take
      a mechanism with `--set`. What is no mechanism is a class.
      """;

  private SystemPage() {}

  /** The page as Markdown. */
  static String of() {
    StringBuilder page = new StringBuilder(HEAD);
    table(page, "Learned and dynamic", PaperSystems.learned());
    table(page, "Classic", PaperSystems.classic());
    return page.toString();
  }

  private static void table(StringBuilder page, String title, List<PaperSystem> systems) {
    page.append("\n## %s\n\n| system | what to type | source |\n|---|---|---|\n".formatted(title));
    for (PaperSystem system : systems) {
      page.append("| %s | %s | %s |\n".formatted(system.name(), where(system), source(system)));
    }
  }

  private static String where(PaperSystem system) {
    if (system.type() != null) {
      return "`" + system.where() + "`";
    }
    String options = system.where().substring(system.mechanism().length()).strip();
    String page = "[%1$s](mechanisms/%1$s.md)".formatted(system.mechanism());
    return options.isEmpty() ? page : page + " `" + options + "`";
  }

  private static String source(PaperSystem system) {
    if (system.type() != null) {
      return "named in the class";
    }
    Mechanism mechanism = system.make();
    return mechanism.card().paper();
  }
}
