package dev.assay.cli.docs;

import dev.assay.gradcheck.mutant.StageRun;
import dev.assay.gradcheck.mutant.StageRun.Named;
import dev.assay.gradcheck.stage.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of the stages that reports name for the wrong kernels, and how often rightly. */
public final class StagePage {
  private StagePage() {}

  /** The page as Markdown. */
  public static String of(List<Named> all, int most) {
    StringBuilder page = new StringBuilder(head(all, most));
    for (Named one : all) {
      page.append(
          "| %s | %s | %s | %d | %d | %s |\n"
              .formatted(
                  one.id(),
                  one.fault(),
                  one.stages().stream().map(Stage::words).collect(Collectors.joining(" or ")),
                  one.cases(),
                  one.right(),
                  named(one.named())));
    }
    page.append("\n## What was said\n\nOf the first case of each.\n\n");
    for (Named one : all) {
      if (!one.example().isEmpty()) {
        page.append("- %s, `%s`\n".formatted(one.id(), one.example()));
      }
    }
    return page.append(unseen(all)).toString();
  }

  private static String head(List<Named> all, int most) {
    double right = StageRun.right(all);
    double wrong = StageRun.wrong(all);
    return String.format(
        Locale.ROOT,
        """
      # Which stage is wrong

      <!-- made by './assay mutants --stages --write' -->

      A report on a failing case names a stage of attention, from the results alone ([verdicts.md](verdicts.md) says how). Here the wrong kernels of
      [mutants.md](mutants.md) are the ground truth: the stage that was made wrong is known, and the name in the report is compared with it.
      Each kernel is run on up to %d of the cases that find it, evenly over all of them.

      %d failing cases: the right stage is named in %.1f %%, another one in %.1f %%, and none in %.1f %%.

      The plausible faults that reports try were written with such kernels in mind, so that on faults of other kinds 'none' is to be expected
      more often. What is solved for (key sets, heads, factors, delta) has no fault in mind.

      | | fault | stage | cases | right | named |
      |---|---|---|---:|---:|---|
      """,
        most,
        StageRun.cases(all),
        right,
        wrong,
        100 - right - wrong);
  }

  private static String named(Map<String, Integer> named) {
    return named.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String unseen(List<Named> all) {
    String unseen =
        all.stream()
            .filter(one -> one.cases() == 0)
            .map(Named::id)
            .collect(Collectors.joining(", "));
    return unseen.isEmpty()
        ? ""
        : "\nNo element of a case is outside its bound for %s, which other gates find.\n"
            .formatted(unseen);
  }
}
