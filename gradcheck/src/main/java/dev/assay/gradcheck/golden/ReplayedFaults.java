package dev.assay.gradcheck.golden;

import dev.assay.check.Require;
import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Which reported faults of real kernels a case guards against, by proof: a wrong kernel replays the
 * fault of the report, and the kill matrix of the suite says that the case finds that kernel. A
 * case names the rarest of what it finds: a fault that half of the suite finds tells nothing about
 * it.
 */
final class ReplayedFaults {
  /** Where the matrix lies in a suite. */
  private static final String MATRIX = "mutants/kill-matrix.json";

  /** What more cases find than these is not particular to any. */
  private static final int PARTICULAR = 75;

  /** Wrong kernels whose reports a case names. */
  private static final int NAMED = 2;

  private record Fault(List<String> reports, Set<String> foundBy) {}

  private final List<Fault> faults;

  private ReplayedFaults(List<Fault> faults) {
    this.faults = faults;
  }

  /** Those of the matrix in a suite's folder; none if there is no matrix yet. */
  static ReplayedFaults of(Path suite) throws IOException {
    List<Fault> faults = new ArrayList<>();
    if (!Files.exists(suite.resolve(MATRIX))) {
      return new ReplayedFaults(faults);
    }
    JsonNode matrix = Json.mapper().readTree(Files.readString(suite.resolve(MATRIX)));
    List<String> cases = texts(matrix.path("cases"));
    for (JsonNode mutant : matrix.path("mutants")) {
      List<String> reports = texts(mutant.path("upstream"));
      if (!reports.isEmpty()) {
        faults.add(new Fault(reports, foundBy(mutant.path("gates").asString(), cases)));
      }
    }
    faults.removeIf(fault -> fault.foundBy().size() > PARTICULAR);
    faults.sort(Comparator.comparingInt(fault -> fault.foundBy().size()));
    return new ReplayedFaults(faults);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static Set<String> foundBy(String gates, List<String> cases) {
    Require.state(gates.length() <= cases.size(), "%s has a row that is too long", MATRIX);
    Set<String> found = new TreeSet<>();
    for (int c = 0; c < gates.length(); c++) {
      if (gates.charAt(c) != '.' && gates.charAt(c) != ' ') {
        found.add(cases.get(c));
      }
    }
    return found;
  }

  /**
   * The reports that a table names for a case, then those of the faults that it is shown to find.
   */
  List<String> of(String name, List<String> named) {
    Set<String> all = new LinkedHashSet<>(named);
    faults.stream()
        .filter(fault -> fault.foundBy().contains(name))
        .limit(NAMED)
        .forEach(fault -> all.addAll(fault.reports()));
    return List.copyOf(all);
  }
}
