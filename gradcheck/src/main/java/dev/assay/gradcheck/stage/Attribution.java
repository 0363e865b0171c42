package dev.assay.gradcheck.stage;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stage that a failure is blamed on.
 *
 * @param stage the one whose change explains the results, or null if no single one does
 * @param what is wrong with it, in a few words
 * @param where it is seen: heads, queries, keys
 * @param share of the failing elements that were looked at and are explained, 0 to 1
 * @param row a failing row that it explains best, as a position of the LSE; -1 for none
 */
public record Attribution(@Nullable Stage stage, String what, String where, double share, int row) {
  /** Of a failure that nothing explains. */
  static Attribution none(String where) {
    return new Attribution(null, "", where, 0, -1);
  }

  Attribution at(String place) {
    return new Attribution(stage, what, place, share, row);
  }

  /** In a line. */
  public String sentence() {
    if (stage == null) {
      return "no single stage explains it" + (where.isEmpty() ? "" : "; it is seen at " + where);
    }
    String seen = where.isEmpty() ? "" : "; " + where;
    String sure =
        share >= 0.995
            ? ""
            : String.format(Locale.ROOT, " (explains %.0f %% of what fails)", 100 * share);
    return stage.words() + ": " + what + sure + seen;
  }

  /** For programs: stage, what, where and share by name. */
  public Map<String, Object> document() {
    Map<String, Object> document = new TreeMap<>();
    document.put("stage", stage == null ? "none" : stage.name().toLowerCase(Locale.ROOT));
    document.put("what", what);
    document.put("where", where);
    document.put("share", share);
    return document;
  }
}
