package dev.assay.gradcheck.mutant;

import java.util.List;
import java.util.stream.Stream;

/** The one list of wrong kernels; numbers are stable, a new fault takes a new one. */
final class MutantCatalog {
  private MutantCatalog() {}

  static List<Mutant> all() {
    return Stream.of(
            MaskingMutants.all(),
            SoftmaxMutants.all(),
            IndexingMutants.all(),
            JoiningMutants.all(),
            BackwardMutants.all(),
            PrecisionMutants.all(),
            SelectionMutants.all())
        .flatMap(List::stream)
        .toList();
  }
}
