package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A golden case before it has been computed: the problem, and why it is in the suite.
 *
 * @param problem the problem
 * @param comment what it is for, in a sentence
 * @param flags why it exists; the first one gives the bug class
 * @param guards reports of real faults that it would have found
 * @param exact results that no order of evaluation rounds
 * @param twin name of the case that differs in unread values only, or null
 * @param classes those that can run it
 * @param refusal why it must be refused, or null
 */
record Draft(
    Case problem,
    String comment,
    List<String> flags,
    List<String> guards,
    List<String> exact,
    @Nullable String twin,
    Set<PrecisionClass> classes,
    @Nullable Refusal refusal) {

  /** A case that is judged in every class which holds its type. */
  static Draft of(CaseBuilder problem, String comment, String... flags) {
    return of(problem.build(), comment, List.of(flags));
  }

  /** A case that is judged in every class which holds its type. */
  static Draft of(Case problem, String comment, List<String> flags) {
    Set<PrecisionClass> classes = EnumSet.allOf(PrecisionClass.class);
    classes.removeIf(one -> !one.holds(problem.dtype()));
    return new Draft(problem, comment, flags, List.of(), List.of(), null, classes, null);
  }

  /** Names faults that were reported elsewhere, in the form {@code owner/project#number}. */
  Draft guards(String... reports) {
    return new Draft(problem, comment, flags, List.of(reports), exact, twin, classes, refusal);
  }

  /** Names results that have no tolerance. */
  Draft exactly(String... results) {
    return new Draft(problem, comment, flags, guards, List.of(results), twin, classes, refusal);
  }

  /** Names the case whose results must have the same bits. */
  Draft twinOf(String name) {
    return new Draft(problem, comment, flags, guards, exact, name, classes, refusal);
  }

  /** Leaves out classes whose range the case exceeds. */
  Draft notIn(PrecisionClass first, PrecisionClass... more) {
    Set<PrecisionClass> fewer = EnumSet.copyOf(classes);
    fewer.removeAll(EnumSet.of(first, more));
    return new Draft(problem, comment, flags, guards, exact, twin, fewer, refusal);
  }

  /** Says that the inputs must be refused. */
  Draft refusedFor(Refusal reason) {
    return new Draft(problem, comment, flags, guards, exact, twin, classes, reason);
  }
}
