package dev.assay.gradcheck.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * What is said at the end of a run.
 *
 * @param suite id and version of the suite
 * @param subjects the implementations, in the order in which they were asked
 * @param absent what was required and is not here, in sentences
 * @param notes what else should be known: engines that were passed over, and why
 */
public record RunVerdict(
    String suite, List<SubjectVerdict> subjects, List<String> absent, List<String> notes) {
  /** Copies the lists. */
  public RunVerdict {
    subjects = List.copyOf(subjects);
    absent = List.copyOf(absent);
    notes = List.copyOf(notes);
  }

  /** The same, with more that is absent. */
  public RunVerdict without(List<String> more) {
    List<String> all = new ArrayList<>(absent);
    all.addAll(more);
    return new RunVerdict(suite, subjects, all, notes);
  }

  /** Whether something was handed in that could not be judged. */
  public boolean malformed() {
    return subjects.stream().anyMatch(one -> one.count(Status.MALFORMED) > 0);
  }

  /** Whether something is wrong. */
  public boolean failed() {
    return subjects.stream().anyMatch(SubjectVerdict::failed);
  }

  /** Whether nothing was judged, or something required is absent. */
  public boolean nothingRun() {
    return !absent.isEmpty()
        || subjects.isEmpty()
        || subjects.stream().anyMatch(one -> one.judged() == 0);
  }
}
