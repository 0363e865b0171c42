package dev.assay.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What {@link RoomsTest} and {@link HabitsTest} look at: the compiled main classes of all modules.
 */
final class House {
  /** The rooms of {@code reference}: each may import only those before it. */
  static final List<String> ORDER =
      List.of(
          "check",
          "tensor",
          "file",
          "pattern",
          "layout",
          "plan",
          "autograd",
          "op",
          "engine",
          "mechanism",
          "catalog",
          "study",
          "nn",
          "wiring",
          "data",
          "train");

  /** The rooms of the other modules, all of which may import {@code reference}. */
  static final Set<String> MODULES = Set.of("accelerated", "gradcheck", "bench", "cli");

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("jmh_generated"))
          .importPackages("dev.assay");

  private House() {}

  /** The names of all packages that hold more than their package-info. */
  static Set<String> packages() {
    return CLASSES.stream()
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .map(JavaClass::getPackageName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
