package dev.assay.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The walls of the house: which room may use which. */
class RoomsTest {
  @TestFactory
  Stream<DynamicTest> each_room_imports_only_those_before_it() {
    return House.ORDER.stream()
        .filter(room -> House.CLASSES.containPackage("dev.assay." + room))
        .map(
            room ->
                DynamicTest.dynamicTest(
                    room, () -> importsNothingAfter(room).check(House.CLASSES)));
  }

  private static ArchRule importsNothingAfter(String room) {
    int next = House.ORDER.indexOf(room) + 1;
    String[] later =
        Stream.concat(
                House.ORDER.subList(next, House.ORDER.size()).stream(), House.MODULES.stream())
            .map(r -> "dev.assay." + r + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage("dev.assay." + room + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(later))
        .because("the rooms of reference stand in the order " + House.ORDER);
  }

  @Test
  void every_room_of_reference_has_its_place_in_the_order() {
    Set<String> rooms = new HashSet<>();
    House.CLASSES
        .getPackage("dev.assay")
        .getSubpackages()
        .forEach(p -> rooms.add(p.getRelativeName()));
    rooms.removeAll(House.MODULES);
    House.ORDER.forEach(rooms::remove);
    assertEquals(Set.of(), rooms, "packages that the order does not know");
  }

  @Test
  void the_truth_needs_few_libraries() {
    classes()
        .that(
            resideInAnyPackage(
                House.ORDER.stream()
                    .map(room -> "dev.assay." + room + "..")
                    .toArray(String[]::new)))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "dev.assay..",
                "org.jspecify.annotations..",
                "com.google.errorprone.annotations..",
                "org.ejml..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                ""))
        .check(House.CLASSES);
  }

  @Test
  void packages_form_no_cycle() {
    slices().matching("dev.assay.(**)").should().beFreeOfCycles().check(House.CLASSES);
  }

  @Test
  void the_incubator_is_used_only_in_simd() {
    noClasses()
        .that(not(resideInAPackage("dev.assay.accelerated.simd..")))
        .should()
        .dependOnClassesThat(resideInAPackage("jdk.incubator.."))
        .check(House.CLASSES);
  }

  @Test
  void tornado_is_used_only_in_its_own_room() {
    noClasses()
        .that(not(resideInAPackage("dev.assay.accelerated.tornado..")))
        .should()
        .dependOnClassesThat(resideInAPackage("uk.ac.manchester.."))
        .check(House.CLASSES);
  }

  @Test
  void engines_know_plans_and_no_mechanism() {
    noClasses()
        .that()
        .resideInAPackage("dev.assay.accelerated..")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.assay.mechanism.."))
        .check(House.CLASSES);
  }

  @Test
  void every_module_was_looked_at() {
    for (String module : House.MODULES) {
      assertTrue(House.CLASSES.containPackage("dev.assay." + module), module);
    }
    assertTrue(House.CLASSES.size() > 50, "only " + House.CLASSES.size() + " classes were found");
  }
}
