package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;

/** Plausible faults of the backward. */
final class BackwardSuspects {
  /**
   * One of them.
   *
   * @param stage which stage
   * @param what is wrong
   * @param fault the stages, one of them wrong
   */
  record Candidate(Stage stage, String what, BackwardFault fault) {}

  private BackwardSuspects() {}

  static List<Candidate> of(AttentionProblem problem) {
    List<Candidate> all = new ArrayList<>(deltas());
    all.addAll(weights(problem));
    if (problem.softcap() > 0) {
      all.add(
          new Candidate(
              Stage.DS,
              "the slope of the cap is missing",
              new BackwardFault() {
                @Override
                double slope(double slope) {
                  return 1;
                }
              }));
    }
    if (problem.dropoutKeep() != null) {
      all.addAll(dropout());
    }
    return all;
  }

  private interface Delta {
    double of(double rowDot, double square, double dLse);
  }

  private static Candidate delta(String what, Delta delta) {
    return new Candidate(
        Stage.DELTA,
        what,
        new BackwardFault() {
          @Override
          double delta(double rowDot, double square, double dLse) {
            return delta.of(rowDot, square, dLse);
          }
        });
  }

  private static List<Candidate> deltas() {
    return List.of(
        delta("dOut . out is missing", (_, _, dLse) -> -dLse),
        delta("delta is missing", (_, _, _) -> 0),
        delta("delta is made from dOut alone", (_, square, dLse) -> square - dLse),
        delta("the cotangent of the LSE is ignored", (dot, _, _) -> dot),
        delta("the cotangent of the LSE has the wrong sign", (dot, _, dLse) -> dot + dLse),
        delta("delta has the wrong sign", (dot, _, dLse) -> dLse - dot));
  }

  private static List<Candidate> weights(AttentionProblem problem) {
    List<Candidate> all = new ArrayList<>();
    all.add(again("weights are made again without the LSE", (logit, _) -> StrictMath.exp(logit)));
    all.add(
        again("weights are made again in base 2", (logit, lse) -> StrictMath.pow(2, logit - lse)));
    all.add(
        new Candidate(
            Stage.ADDRESS,
            "all rows read the cotangent of the first",
            new BackwardFault() {
              @Override
              int cotangent(int row) {
                return 0;
              }
            }));
    if (problem.paging() == null) {
      all.add(counts("the backward masks nothing", (row, j) -> MaskSuspects.visited(row, j)));
      all.add(
          counts(
              "the backward is causal",
              (row, j) -> row.met(j) && j <= row.query() + problem.keys() - problem.queries()));
    }
    return all;
  }

  private interface Again {
    double of(double logit, double lse);
  }

  private static Candidate again(String what, Again again) {
    return new Candidate(
        Stage.BACKWARD_WEIGHTS,
        what,
        new BackwardFault() {
          @Override
          double weight(double logit, double lse) {
            return again.of(logit, lse);
          }
        });
  }

  private interface Keep {
    boolean of(Row row, int j);
  }

  private static Candidate counts(String what, Keep keep) {
    return new Candidate(
        Stage.BACKWARD_MASK,
        what,
        new BackwardFault() {
          @Override
          boolean counts(Row row, int j) {
            return keep.of(row, j);
          }
        });
  }

  private static List<Candidate> dropout() {
    return List.of(
        new Candidate(
            Stage.DP,
            "dropout is missing",
            new BackwardFault() {
              @Override
              double dP(double dot, double keep) {
                return dot;
              }
            }),
        new Candidate(
            Stage.DV_SUM,
            "dropout is missing in the weights of dv",
            new BackwardFault() {
              @Override
              double dropped(double p, double keep) {
                return p;
              }
            }),
        new Candidate(
            Stage.DV_SUM,
            "dropout's factor is missing in dv",
            new BackwardFault() {
              @Override
              double dropped(double p, double keep) {
                return keep == 0 ? 0 : p;
              }
            }));
  }
}
