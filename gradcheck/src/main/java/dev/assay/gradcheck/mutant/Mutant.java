package dev.assay.gradcheck.mutant;

import dev.assay.check.Require;
import java.util.List;

/**
 * A wrong kernel: the right plain kernel with one line replaced.
 *
 * @param id stable name, M and two digits or more
 * @param family what kind of fault it is
 * @param fault the fault, in a sentence
 * @param upstream reports of the same fault in real kernels, {@code owner/project#number}
 * @param lines all lines, one of them wrong
 * @param form how the kernel runs otherwise
 * @param scope which cases it is run on
 */
record Mutant(
    String id,
    MutantFamily family,
    String fault,
    List<String> upstream,
    Lines lines,
    Form form,
    Scope scope) {
  /** Which cases a mutant is run on. */
  enum Scope {
    /** Those that every kernel is expected to run. */
    CORE,
    /** Those of mechanisms too, as no other case has key lists with multiplicities. */
    SUITE,
    /** Those of block selection by mean keys, whose choice is made by the mutant. */
    CHOICE
  }

  Mutant {
    Require.argument(fault.endsWith("."), "the fault of %s is no sentence: '%s'", id, fault);
    upstream = List.copyOf(upstream);
  }

  static Mutant of(String id, MutantFamily family, String fault, Lines lines, String... upstream) {
    Scope scope = family == MutantFamily.SELECTION ? Scope.CHOICE : Scope.CORE;
    return new Mutant(id, family, fault, List.of(upstream), lines, Form.USUAL, scope);
  }

  Mutant in(Form other) {
    return new Mutant(id, family, fault, upstream, lines, other, scope);
  }

  Mutant everywhere() {
    return new Mutant(id, family, fault, upstream, lines, form, Scope.SUITE);
  }

  PlainKernel kernel() {
    return new PlainKernel(id, lines, form);
  }
}
