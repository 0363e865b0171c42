package dev.assay.gradcheck.golden;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.gradcheck.bound.ScoreErrors;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.SelectionsDocument;
import dev.assay.gradcheck.suite.SelectionsDocument.Choice;
import dev.assay.gradcheck.suite.SelectionsDocument.Row;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.RankedChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Says of the cases of the family {@value #FAMILY} what was compared, and which lists are right.
 */
final class SelectionsFile {
  /** The family whose cases choose by score. */
  static final String FAMILY = "selection";

  /** No row of the suite may have so many right lists. */
  private static final int MANY = 16;

  private SelectionsFile() {}

  static SelectionsDocument document(List<GoldenCase> cases) {
    SequencedMap<String, Choice> choices = new LinkedHashMap<>();
    for (GoldenCase golden : cases) {
      if (golden.family().equals(FAMILY)) {
        ranked(golden).ifPresent(ranked -> choices.put(golden.name(), choice(golden, ranked)));
      }
    }
    return new SelectionsDocument(SelectionsDocument.SCHEMA, choices);
  }

  private static Optional<RankedChoice> ranked(GoldenCase golden) {
    Inputs inputs = Inputs.on(new Tape(), golden.mechanism(), golden.inputs());
    return golden.mechanism().ranked(inputs);
  }

  private static Choice choice(GoldenCase golden, RankedChoice ranked) {
    List<Row> rows = new ArrayList<>();
    for (int p = 0; p < ranked.rows().size(); p++) {
      RankedChoice.Row row = ranked.rows().get(p);
      double last = row.last();
      double next = row.next();
      boolean both = Double.isFinite(last) && Double.isFinite(next);
      rows.add(
          new Row(
              list(ranked.lists().index(p)),
              list(row.chosen()),
              Double.toHexString(last),
              Double.toHexString(next),
              Double.toHexString(both ? BestScores.gap(last, next) : Double.POSITIVE_INFINITY),
              answers(golden, ranked, row)));
    }
    return new Choice(ranked.tensor(), rows);
  }

  private static SequencedMap<String, List<List<Integer>>> answers(
      GoldenCase golden, RankedChoice ranked, RankedChoice.Row row) {
    SequencedMap<String, List<List<Integer>>> open = new LinkedHashMap<>();
    boolean exact = golden.exact().contains(ranked.tensor());
    for (String id : golden.classes()) {
      List<int[]> right = row.answers(ScoreErrors.of(ranked, PrecisionClass.find(id), exact), MANY);
      Require.state(
          right.size() < MANY, "case %s has a row of too many right lists", golden.name());
      if (right.size() > 1) {
        open.put(id, right.stream().map(SelectionsFile::list).toList());
      }
    }
    return open;
  }

  private static List<Integer> list(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
