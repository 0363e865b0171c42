package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MechanismCatalogTest {
  static List<Mechanism> mechanisms() {
    return MechanismCatalog.all();
  }

  @Test
  void every_mechanism_of_the_package_has_its_line() throws IOException, URISyntaxException {
    Set<String> written = new TreeSet<>();
    Path classes =
        Path.of(Mechanism.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes.resolve("dev/assay/mechanism"))) {
      for (Path file : files.toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '.');
        if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
          Class<?> type = load(name.replaceFirst("\\.class$", ""));
          if (Mechanism.class.isAssignableFrom(type) && !type.isInterface()) {
            written.add(type.getSimpleName());
          }
        }
      }
    }
    Set<String> listed = new TreeSet<>();
    mechanisms().forEach(mechanism -> listed.add(mechanism.getClass().getSimpleName()));
    assertFalse(written.isEmpty());
    assertEquals(written, listed);
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Mechanism.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new AssertionError(name, missing);
    }
  }

  @Test
  void an_unknown_id_names_the_known_ones() {
    var unknown =
        assertThrows(IllegalArgumentException.class, () -> MechanismCatalog.find("no-such"));
    assertTrue(unknown.toString().contains("head-gate"), unknown.toString());
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void it_is_found_by_its_id_with_its_defaults(Mechanism mechanism) {
    assertEquals(mechanism, MechanismCatalog.find(mechanism.id()));
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void its_card_says_everything(Mechanism mechanism) {
    Card card = mechanism.card();
    List<String> texts =
        Stream.concat(
                Stream.of(card.title(), card.idea(), card.formula(), card.paper(), card.cost()),
                card.readings().stream())
            .toList();
    assertTrue(texts.stream().noneMatch(String::isBlank), texts.toString());
    assertTrue(texts.stream().noneMatch(text -> text.contains("READING_")), "left to be filled in");
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void its_tensors_have_names_shapes_and_meanings(Mechanism mechanism) {
    Set<String> names = new HashSet<>();
    for (TensorSpec spec : mechanism.tensors()) {
      assertTrue(names.add(spec.name()), spec.name() + " twice");
      assertTrue(spec.shape().startsWith("["), spec.toString());
      assertTrue(spec.meaning().endsWith("."), spec.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void its_cases_cover_every_role(Mechanism mechanism) {
    for (Role role : Role.values()) {
      assertTrue(
          mechanism.cases().stream().anyMatch(problem -> problem.roles().contains(role)),
          role.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void its_cases_give_only_tensors_that_it_reads(Mechanism mechanism) {
    Set<String> known = new HashSet<>(Set.of("d_out", "d_lse"));
    mechanism.tensors().forEach(spec -> known.add(spec.name()));
    for (Case problem : mechanism.cases()) {
      assertTrue(known.containsAll(problem.draws().keySet()), problem.name());
      assertTrue(known.containsAll(problem.given().keySet()), problem.name());
      assertEquals(mechanism.getClass(), problem.mechanism().getClass(), problem.name());
    }
  }

  @Test
  void case_numbers_and_names_are_unique() {
    Set<Integer> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Mechanism mechanism : mechanisms()) {
      for (Case problem : mechanism.cases()) {
        assertTrue(ids.add(problem.id()), "case number " + problem.id() + " twice");
        assertTrue(names.add(mechanism.id() + "/" + problem.name()), problem.name() + " twice");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.catalog.CatalogCases#small")
  void settings_survive_being_written_and_read(String name, Case problem) {
    Mechanism mechanism = problem.mechanism();
    assertEquals(mechanism, Settings.make(mechanism.getClass(), Settings.of(mechanism)));
  }
}
