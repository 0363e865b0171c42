package dev.assay.gradcheck.golden;

import java.util.ArrayList;
import java.util.List;

/** All families of the golden suite. Adding one is one file and one line here. */
final class GoldenCatalog {
  private GoldenCatalog() {}

  /** The families of the tables, then those that mechanisms bring along. */
  static List<Family> families() {
    List<Family> families =
        new ArrayList<>(
            List.of(
                BasicCases.family(),
                GridCases.family(),
                HeadsCases.family(),
                BlockSparseCases.family(),
                ChunkedCases.family(),
                HeadGateCases.family(),
                SpecialCases.family(),
                ExactCases.family(),
                GradCases.family(),
                RefuseCases.family(),
                SelectionCases.family(),
                RelationCases.family(),
                LongCases.family(),
                WidthCases.family()));
    families.addAll(MechanismFamilies.families());
    return families;
  }
}
