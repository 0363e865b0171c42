package dev.assay.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** The habits of the house: what no class does, and what every package and verb has. */
class HabitsTest {
  /**
   * Functions whose last bit {@link Math} leaves to the machine; sqrt, fma and the like are exact.
   */
  private static final Set<String> INEXACT =
      Set.of(
          "exp", "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  @Test
  void only_the_command_line_prints() {
    noClasses()
        .that(not(resideInAPackage("dev.assay.cli..")))
        .should(ACCESS_STANDARD_STREAMS)
        .check(House.CLASSES);
  }

  @Test
  void random_numbers_come_from_philox_alone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)|java\\.security\\.SecureRandom"
                + "|java\\.util\\.random\\..*")
        .orShould()
        .callMethod(Math.class, "random")
        .because("the same seed gives the same bits on every machine")
        .check(House.CLASSES);
  }

  @Test
  void the_truth_is_computed_with_strict_mathematics() {
    DescribedPredicate<JavaAccess<?>> inexact =
        DescribedPredicate.describe(
            "a function of Math that may differ in its last bit",
            access ->
                access.getTargetOwner().isEquivalentTo(Math.class)
                    && INEXACT.contains(access.getName()));
    noClasses()
        .that(
            not(
                resideInAnyPackage(
                    "dev.assay.accelerated..", "dev.assay.bench..", "dev.assay.cli..")))
        .should()
        .accessTargetWhere(inexact)
        .because("StrictMath gives the same bits on every machine")
        .check(House.CLASSES);
  }

  @Test
  void the_second_evaluator_runs_no_code_of_the_first() {
    DescribedPredicate<JavaAccess<?>> evaluation =
        DescribedPredicate.describe(
            "code of an op, its attributes apart",
            access ->
                access.getTargetOwner().getPackageName().equals("dev.assay.op")
                    && !isAttribute(access));
    noClasses()
        .that(resideInAnyPackage("dev.assay.gradcheck.ball..", "dev.assay.gradcheck.certified.."))
        .should()
        .accessTargetWhere(evaluation)
        .because("what proves the ops must not be wrong where they are")
        .check(House.CLASSES);
  }

  private static boolean isAttribute(JavaAccess<?> access) {
    Class<?> owner = access.getTargetOwner().reflect();
    return owner.isEnum()
        || (owner.isRecord()
            && Arrays.stream(owner.getRecordComponents())
                .anyMatch(component -> component.getName().equals(access.getName())));
  }

  @Test
  void names_say_what_a_class_is() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Utils?|Manager|Helper)")
        .because("such a name says nothing")
        .check(House.CLASSES);
  }

  @Test
  void every_package_is_null_marked() {
    List<String> unmarked =
        House.packages().stream()
            .filter(name -> !House.CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class))
            .toList();
    assertEquals(List.of(), unmarked, "packages without @NullMarked in their package-info");
  }

  @Test
  void every_verb_is_in_the_list() {
    Set<Class<?>> reachable = new HashSet<>(Verbs.ALL);
    Verbs.ALL.forEach(verb -> reachable.addAll(subcommands(verb)));
    List<String> lost =
        House.CLASSES.that(resideInAPackage("dev.assay.cli..")).stream()
            .filter(c -> c.isAnnotatedWith(Command.class) && !c.isEquivalentTo(Assay.class))
            .map(JavaClass::reflect)
            .filter(type -> !reachable.contains(type))
            .map(Class::getName)
            .toList();
    assertEquals(List.of(), lost, "commands that nobody can type");
  }

  private static List<Class<?>> subcommands(Class<?> verb) {
    return List.of(verb.getAnnotation(Command.class).subcommands());
  }
}
