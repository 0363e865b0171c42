package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  public record Change(String precision, CaseVerdict before, CaseVerdict after) {
    private Direction direction() {
      Status now = after.status();
      if (now == before.status()) {
        return Direction.SAME;
      }
      if (now == Status.PASSED) {
        return Direction.BETTER;
      }
      boolean lost = isWrong(now) ? !isWrong(before.status()) : before.judged();
      return lost ? Direction.WORSE : Direction.OTHER;
    }

    private static boolean isWrong(Status status) {
      return status == Status.FAILED || status == Status.KNOWN || status == Status.MALFORMED;
    }

    private Stream<Growth> growth() {
      if (after.status() != Status.PASSED) {
        return Stream.of();
      }
      Map<String, Double> known =
          before.tensors().stream()
              .collect(Collectors.toMap(TensorVerdict::tensor, TensorVerdict::tightness));
      String name = after.golden().name();
      return after.tensors().stream()
          .filter(tensor -> known.containsKey(tensor.tensor()) && tensor.tightness() > SEEN)
          .map(
              tensor ->
                  new Growth(
                      precision,
                      name,
                      tensor.tensor(),
                      known.getOrDefault(tensor.tensor(), 0.0),
                      tensor.tightness()))
          .filter(growth -> growth.after > GROWTH * growth.before);
    }
  }

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
    Map<String, CaseVerdict> byClass = new LinkedHashMap<>();
    Map<String, CaseVerdict> byName = new LinkedHashMap<>();
    for (SubjectVerdict subject : after.subjects()) {
      for (CaseVerdict one : subject.cases()) {
        byClass.put(key(subject, one), one);
        byName.put(one.golden().name(), one);
      }
    }
    List<Change> pairs = new ArrayList<>();
    for (SubjectVerdict subject : before.subjects()) {
      for (CaseVerdict was : subject.cases()) {
        CaseVerdict now = byClass.getOrDefault(key(subject, was), byName.get(was.golden().name()));
        if (now != null) {
          pairs.add(new Change(subject.precision().id(), was, now));
        }
      }
    }
    Map<Direction, List<Change>> all =
        pairs.stream().collect(Collectors.groupingBy(Change::direction));
    List<Change> same = all.getOrDefault(Direction.SAME, List.of());
    return new VerdictDiff(
        all.getOrDefault(Direction.WORSE, List.of()),
        all.getOrDefault(Direction.BETTER, List.of()),
        all.getOrDefault(Direction.OTHER, List.of()),
        same.stream()
            .flatMap(Change::growth)
            .sorted(Comparator.comparingDouble((Growth it) -> -it.after / it.before))
            .toList(),
        same.size());
  }

  private enum Direction {
    SAME,
    WORSE,
    BETTER,
    OTHER
  }

  /** How many cases were compared. */
  public int compared() {
    return same + worse.size() + better.size() + other.size();
  }

  /** Lines of gates that fail after and did not fail before. */
  public static List<GateLine> gates(RunVerdict before, RunVerdict after) {
    Set<String> known = failing(before).map(VerdictDiff::key).collect(Collectors.toSet());
    return failing(after).filter(line -> !known.contains(key(line))).toList();
  }

  private static Stream<GateLine> failing(RunVerdict run) {
    return run.subjects().stream()
        .flatMap(subject -> subject.gates().stream())
        .filter(line -> line.outcome() == Outcome.FAIL);
  }

  private static String key(GateLine line) {
    return line.gate() + " " + line.tensor();
  }

  private static String key(SubjectVerdict subject, CaseVerdict one) {
    return subject.precision().id() + " " + one.golden().name();
  }
}
