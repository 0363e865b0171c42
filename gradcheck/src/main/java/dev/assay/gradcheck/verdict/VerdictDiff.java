package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changed from one run to another over the same suite, case by case and class by class.
 *
 * @param worse cases that were right or not judged and are wrong now, or were judged and are no
 *     more
 * @param better cases that were wrong or not judged and are right now
 * @param other cases whose status changed without being better or worse
 * @param grown tensors that pass in both, with an error that grew to more than {@link #GROWTH}
 *     times what it was, the largest first
 * @param same cases of the same status
 */
public record VerdictDiff(
    List<Change> worse, List<Change> better, List<Change> other, List<Growth> grown, int same) {
  /** Errors that grow by less are not told: they are the noise of another order of a sum. */
  public static final double GROWTH = 4;

  /** Errors that stay below this share of the bound are not told either. */
  public static final double SEEN = 0.02;

  /**
   * A case with another status.
   *
   * @param precision id of the class
   * @param before what was said
   * @param after what is said now
   */
  public record Change(String precision, CaseVerdict before, CaseVerdict after) {}

  /**
   * A tensor whose error grew within its bound.
   *
   * @param precision id of the class
   * @param name of the case
   * @param tensor out, lse, dq ...
   * @param before largest error in units of the bound
   * @param after the same now
   */
  public record Growth(String precision, String name, String tensor, double before, double after) {}

  /**
   * Compares. A case is looked for in its class, then by its name alone, for a file that is lost or
   * broken has no class; cases that only {@code after} looked at are left out.
   */
  public static VerdictDiff of(RunVerdict before, RunVerdict after) {
    VerdictDiff diff =
        new VerdictDiff(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    Map<String, CaseVerdict> byClass = new LinkedHashMap<>();
    Map<String, CaseVerdict> byName = new LinkedHashMap<>();
    for (SubjectVerdict subject : after.subjects()) {
      for (CaseVerdict one : subject.cases()) {
        byClass.put(key(subject, one), one);
        byName.put(one.golden().name(), one);
      }
    }
    int same = 0;
    for (SubjectVerdict subject : before.subjects()) {
      for (CaseVerdict was : subject.cases()) {
        CaseVerdict now = byClass.getOrDefault(key(subject, was), byName.get(was.golden().name()));
        if (now != null && now.status() == was.status()) {
          same++;
          diff.growth(subject, was, now);
        } else if (now != null) {
          diff.add(new Change(subject.precision().id(), was, now));
        }
      }
    }
    diff.grown.sort((a, b) -> Double.compare(b.after / b.before, a.after / a.before));
    return new VerdictDiff(diff.worse, diff.better, diff.other, diff.grown, same);
  }

  /** How many cases were compared. */
  public int compared() {
    return same + worse.size() + better.size() + other.size();
  }

  /** Lines of gates that fail after and did not fail before. */
  public static List<GateLine> gates(RunVerdict before, RunVerdict after) {
    List<GateLine> failing = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (SubjectVerdict subject : before.subjects()) {
      subject.gates().stream()
          .filter(line -> line.outcome() == Outcome.FAIL)
          .forEach(line -> known.add(line.gate() + " " + line.tensor()));
    }
    for (SubjectVerdict subject : after.subjects()) {
      subject.gates().stream()
          .filter(line -> line.outcome() == Outcome.FAIL)
          .filter(line -> !known.contains(line.gate() + " " + line.tensor()))
          .forEach(failing::add);
    }
    return failing;
  }

  private static String key(SubjectVerdict subject, CaseVerdict one) {
    return subject.precision().id() + " " + one.golden().name();
  }

  private void add(Change change) {
    Status now = change.after.status();
    if (isWrong(now)) {
      (isWrong(change.before.status()) ? other : worse).add(change);
    } else if (now == Status.PASSED) {
      better.add(change);
    } else {
      (change.before.judged() ? worse : other).add(change);
    }
  }

  private static boolean isWrong(Status status) {
    return status == Status.FAILED || status == Status.MALFORMED;
  }

  private void growth(SubjectVerdict subject, CaseVerdict was, CaseVerdict now) {
    if (now.status() != Status.PASSED) {
      return;
    }
    Map<String, TensorVerdict> known = new LinkedHashMap<>();
    was.tensors().forEach(tensor -> known.put(tensor.tensor(), tensor));
    for (TensorVerdict tensor : now.tensors()) {
      TensorVerdict before = known.get(tensor.tensor());
      if (before != null
          && tensor.tightness() > SEEN
          && tensor.tightness() > GROWTH * before.tightness()) {
        grown.add(
            new Growth(
                subject.precision().id(),
                now.golden().name(),
                tensor.tensor(),
                before.tightness(),
                tensor.tightness()));
      }
    }
  }
}
