package dev.assay.gradcheck.stage;

import java.util.List;

/** A right output with another log-sum-exp. */
final class LseSuspects {
  private LseSuspects() {}

  static List<Suspect> all() {
    double ln2 = StrictMath.log(2);
    return List.of(
        lse("the LSE is in base 2", (_, right) -> right / ln2),
        lse("the LSE is multiplied by ln 2", (_, right) -> right * ln2),
        lse("the LSE lacks the maximum", (row, right) -> right - SoftmaxSuspects.max(row)),
        lse("the LSE is the maximum alone", (row, _) -> largest(row)),
        lse("the LSE is 0", (_, _) -> 0),
        lse("the LSE has the wrong sign", (_, right) -> -right),
        lse("the LSE of a row without keys is +inf", (row, right) -> row.empty() ? -right : right));
  }

  private interface Other {
    double of(Row row, double right);
  }

  private static double largest(Row row) {
    return row.empty() ? Double.NEGATIVE_INFINITY : SoftmaxSuspects.max(row);
  }

  private static Suspect lse(String what, Other other) {
    return new Suspect(
        Stage.LSE,
        what,
        row -> {
          RowResult right = row.right();
          return right.withLse(other.of(row, right.lse()));
        });
  }
}
