package dev.assay.cli.docs;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.Engine;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of the README: for each mechanism, how many of its cases have their gradients checked,
 * how many golden cases it has, and how many of its cases each engine runs forward and backward.
 * All numbers are counted, none is written down.
 */
public final class MechanismTable {
  private MechanismTable() {}

  /** The table as Markdown. */
  public static String of(Suite suite, List<Engine> engines) {
    StringBuilder table = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("mechanism", "gradient cases", "golden cases"));
    engines.forEach(engine -> head.add("engine `" + engine.id() + "`"));
    row(table, head);
    row(table, head.stream().map(title -> title.equals("mechanism") ? "---" : "---:").toList());
    for (Mechanism mechanism : MechanismCatalog.all()) {
      List<String> cells = new ArrayList<>();
      cells.add("[%s](docs/mechanisms/%s.md)".formatted(mechanism.card().title(), mechanism.id()));
      cells.add(String.valueOf(cases(mechanism, Role.GRADIENT).size()));
      cells.add(String.valueOf(suite.cases().stream().filter(one -> isOf(one, mechanism)).count()));
      engines.forEach(engine -> cells.add(supported(mechanism, engine)));
      row(table, cells);
    }
    return table.toString();
  }

  private static boolean isOf(GoldenCase one, Mechanism mechanism) {
    return one.mechanism().id().equals(mechanism.id());
  }

  private static List<Case> cases(Mechanism mechanism, Role role) {
    return mechanism.cases().stream().filter(one -> one.roles().contains(role)).toList();
  }

  private static String supported(Mechanism mechanism, Engine engine) {
    List<Case> cases = cases(mechanism, Role.PARITY);
    long runs = cases.stream().filter(one -> runs(one, engine)).count();
    return runs + " of " + cases.size();
  }

  private static boolean runs(Case one, Engine engine) {
    try {
      Evaluation.lower(one.mechanism(), one.tensors(), engine);
      return true;
    } catch (UnsupportedPlanException refused) {
      return false;
    }
  }

  private static void row(StringBuilder table, List<String> cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
