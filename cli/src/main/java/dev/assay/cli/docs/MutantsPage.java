package dev.assay.cli.docs;

import dev.assay.gradcheck.mutant.KillMatrix;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.mutant.StayReasons;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page of the wrong kernels: what is wrong with each, who finds it, and why cases stay. */
public final class MutantsPage {
  private static final String HEAD =
      """
      # Wrong kernels

      <!-- made by './assay mutants --write' -->

      A suite is worth what it finds. Here a plain kernel, forward and backward, is run over the suite with one line made wrong at a time, for
      every fault below; the right kernel passes every case. The faults with a link were reported of real kernels.

      ```
      ./assay mutants                  # all of this again, and right kernels that must set off nothing
      ./assay mutants --only M17       # one of them
      ./assay mutants --engine simd    # the faults planted in the sources of the fast kernels
      ./assay mutants --engine tornado # and of those of a device, where there is one: minutes for each on a processor
      ```

      A wrong kernel that no case finds fails the build.

      ![A row for each wrong kernel, a column for each case of the core, coloured where the case finds it](pictures/kill-matrix.svg)

      """;

  private MutantsPage() {}

  /** The page as Markdown. */
  public static String of(KillMatrix matrix) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append(
        "%d wrong kernels, %d found by cases of the core, %d by cases of mechanisms alone, %d by none; %d replay a reported fault. "
            .formatted(
                matrix.rows().size(),
                matrix.killedByCore(),
                matrix.rows().size() - matrix.killedByCore() - matrix.survivors().size(),
                matrix.survivors().size(),
                matrix.replayed()));
    Set<String> small = matrix.smallSet();
    page.append("%d cases are enough to find all.\n".formatted(small.size()));
    mutants(page, matrix);
    families(page, matrix, small);
    alone(page, matrix, small);
    idle(page, matrix);
    return page.toString();
  }

  private static void mutants(StringBuilder page, KillMatrix matrix) {
    page.append("\n## What is wrong\n\n| | kind | fault | found by | reported |\n");
    page.append("|---|---|---|---:|---|\n");
    for (MutantRow row : matrix.rows()) {
      page.append(
          "| %s | %s | %s | %d | %s |\n"
              .formatted(
                  row.id(),
                  row.family(),
                  row.fault(),
                  matrix.kills(row, false),
                  row.upstream().stream()
                      .map(MutantsPage::link)
                      .collect(Collectors.joining(", "))));
    }
  }

  private static String link(String report) {
    String[] parts = report.split("#", 2);
    return "[%s](https://github.com/%s/issues/%s)".formatted(report, parts[0], parts[1]);
  }

  private static void families(StringBuilder page, KillMatrix matrix, Set<String> small) {
    page.append(
        """

        ## What the cases are for

        The cases of the core by family. 'Needed' are those of a small set that finds every wrong kernel. The others stay for the reason given: the
        plain kernel has one path for all shapes and types, real ones have many.

        | family | cases | that find something | needed | why the others stay |
        |---|---:|---:|---:|---|
        """);
    Map<String, List<String>> byCase = matrix.byCase();
    Set<String> families = new TreeSet<>();
    matrix.cases().stream().filter(CaseColumn::core).map(CaseColumn::family).forEach(families::add);
    for (String family : families) {
      List<String> own =
          matrix.cases().stream()
              .filter(column -> column.family().equals(family))
              .map(CaseColumn::name)
              .toList();
      page.append(
          "| %s | %d | %d | %d | %s |\n"
              .formatted(
                  family,
                  own.size(),
                  own.stream()
                      .filter(name -> !byCase.getOrDefault(name, List.of()).isEmpty())
                      .count(),
                  own.stream().filter(small::contains).count(),
                  StayReasons.of(family).orElse("")));
    }
  }

  private static void alone(StringBuilder page, KillMatrix matrix, Set<String> small) {
    Map<String, List<String>> alone = matrix.alone();
    Map<String, List<String>> byCase = matrix.byCase();
    page.append("\n## The cases that are needed\n\n| case | finds | no other case finds |\n");
    page.append("|---|---:|---|\n");
    for (String name : small) {
      page.append(
          "| `%s` | %d | %s |\n"
              .formatted(
                  name,
                  byCase.getOrDefault(name, List.of()).size(),
                  String.join(", ", alone.getOrDefault(name, List.of()))));
    }
  }

  private static void idle(StringBuilder page, KillMatrix matrix) {
    List<String> idle =
        matrix.cases().stream()
            .filter(CaseColumn::core)
            .map(CaseColumn::name)
            .filter(name -> matrix.byCase().getOrDefault(name, List.of()).isEmpty())
            .toList();
    page.append("\n## Cases of the core that find nothing here\n\n");
    page.append(
        idle.isEmpty()
            ? "None.\n"
            : "They hold binary64, which the plain kernel does not: "
                + idle.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))
                + ".\n");
  }
}
