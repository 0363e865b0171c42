package dev.assay.catalog;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.mechanism.Case.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.provider.Arguments;

/** The cases of all mechanisms, for tests that run over them. */
public final class CatalogCases {
  private CatalogCases() {}

  /** All but those that are there for their size alone. */
  public static List<Arguments> small() {
    return MechanismCatalog.all().stream()
        .flatMap(mechanism -> mechanism.cases().stream())
        .filter(problem -> !problem.roles().equals(Set.of(Role.BENCH)))
        .map(problem -> arguments(problem.mechanism().id() + "/" + problem.name(), problem))
        .toList();
  }
}
