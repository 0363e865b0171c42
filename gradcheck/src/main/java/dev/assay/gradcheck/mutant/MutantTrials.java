package dev.assay.gradcheck.mutant;

import dev.assay.check.Require;
import dev.assay.gradcheck.shrink.Trial;
import java.util.List;

/** Wrong kernels by name, to see a report on a known fault. */
public final class MutantTrials {
  private MutantTrials() {}

  /**
   * The wrong kernel of that number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Trial find(String id) {
    List<Mutant> found = MutantCatalog.all().stream().filter(m -> m.id().equals(id)).toList();
    Require.argument(
        !found.isEmpty(),
        "no wrong kernel is called %s: they are M01 to %s",
        id,
        MutantCatalog.all().getLast().id());
    return Subject.of(found.getFirst()).trial();
  }
}
