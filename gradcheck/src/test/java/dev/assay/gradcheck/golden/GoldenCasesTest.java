package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.file.Json;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.CaseDocument;
import dev.assay.gradcheck.suite.CaseDocument.Recipe;
import dev.assay.gradcheck.suite.Checksums;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the cases themselves. */
class GoldenCasesTest {
  private static Suite suite;

  @BeforeAll
  static void load() throws IOException {
    suite = Suite.load(GoldenFolder.SOURCE);
  }

  @Test
  void the_class_path_has_the_same_cases() throws IOException {
    assertEquals(
        suite.cases().stream().map(GoldenCase::name).toList(),
        Suite.load().cases().stream().map(GoldenCase::name).toList());
  }

  @Test
  void there_are_a_hundred_cases_over_all_families() {
    assertTrue(suite.cases().size() >= 100);
    Set<String> families = new TreeSet<>();
    suite.cases().forEach(one -> families.add(one.family()));
    assertTrue(
        families.containsAll(
            Set.of(
                "basic", "grid", "heads", "blocks", "chunked", "gates", "special", "exact", "grad",
                "refuse", "long", "width")),
        families.toString());
    MechanismCatalog.all().forEach(one -> assertTrue(families.contains(one.id()), one.id()));
  }

  @Test
  void every_class_has_two_cases_of_a_thousand_rows() {
    for (PrecisionClass one : PrecisionClass.values()) {
      long cases =
          suite.cases().stream()
              .filter(c -> c.classes().contains(one.id()) && c.flags().contains("LongSum"))
              .filter(c -> Math.max(rows(c, "q"), rows(c, "k")) >= 1024)
              .count();
      assertTrue(cases >= 2, one.id() + " has " + cases);
    }
  }

  private static int rows(GoldenCase golden, String tensor) {
    return Objects.requireNonNull(golden.inputs().get(tensor)).shape().extent(2);
  }

  @Test
  void every_flag_is_used() {
    Set<String> used = new HashSet<>();
    suite.judged().forEach(one -> used.addAll(one.flags()));
    assertEquals(FlagDictionary.read().keySet(), used);
  }

  @Test
  void every_drawn_tensor_can_be_drawn_again_from_its_recipe_alone() throws IOException {
    int drawn = 0;
    for (GoldenCase golden : suite.cases()) {
      String stem = CaseFiles.stem(golden);
      CaseDocument document =
          Json.read(GoldenFolder.SOURCE.resolve(stem + ".json"), CaseDocument.class);
      for (Map.Entry<String, CaseDocument.Stored> input : document.inputs().entrySet()) {
        Recipe recipe = input.getValue().gen();
        if (recipe != null) {
          Tensor stored = Objects.requireNonNull(golden.inputs().get(input.getKey()));
          assertTrue(drawn(golden, recipe, stored).bitEquals(stored), stem + " " + input.getKey());
          drawn++;
        }
      }
    }
    assertTrue(drawn > 1000, drawn + " tensors were drawn");
  }

  private static Tensor drawn(GoldenCase golden, Recipe recipe, Tensor stored) {
    Philox generator =
        new Philox(word(recipe.key().get(0)), word(recipe.key().get(1)), word(recipe.counter()));
    Distribution mapping = Distribution.valueOf(recipe.dist().toUpperCase(Locale.ROOT));
    return Tensor.generate(
        stored.shape(), p -> golden.dtype().round(mapping.value(generator, p, recipe.shift())));
  }

  private static int word(String text) {
    return Integer.parseUnsignedInt(text.substring(2), 16);
  }

  @Test
  void every_digest_is_that_of_its_tensor() throws IOException {
    for (GoldenCase golden : suite.cases()) {
      Path stem = GoldenFolder.SOURCE.resolve(CaseFiles.stem(golden));
      CaseDocument document = Json.read(Path.of(stem + ".json"), CaseDocument.class);
      TensorFile tensors = Safetensors.read(Path.of(stem + ".safetensors"));
      Map<String, CaseDocument.Stored> described = new HashMap<>(document.inputs());
      described.putAll(document.expect());
      for (Map.Entry<String, CaseDocument.Stored> one : described.entrySet()) {
        assertEquals(
            one.getValue().sha256(),
            Checksums.of(tensors.bytes(one.getKey())),
            stem + " " + one.getKey());
      }
    }
  }

  @Test
  void twins_differ_in_inputs_and_agree_in_every_bit_of_their_answers() {
    int pairs = 0;
    for (GoldenCase one : suite.cases()) {
      if (one.twin() != null) {
        GoldenCase other = suite.find(one.twin());
        assertEquals(one.name(), other.twin());
        assertEquals(one.expect().keySet(), other.expect().keySet());
        one.expect()
            .forEach(
                (name, tensor) ->
                    assertTrue(
                        tensor.bitEquals(Objects.requireNonNull(other.expect().get(name))),
                        one.name() + " " + name));
        assertTrue(differ(one, other), one.name() + " and its twin have the same inputs");
        pairs++;
      }
    }
    assertTrue(pairs >= 20, pairs + " halves of pairs");
  }

  private static boolean differ(GoldenCase one, GoldenCase other) {
    return one.inputs().keySet().stream()
        .anyMatch(
            name ->
                !Objects.requireNonNull(one.inputs().get(name))
                    .bitEquals(Objects.requireNonNull(other.inputs().get(name))));
  }

  @Test
  void exact_answers_are_numbers_of_every_type_they_may_be_handed_in_as() {
    int exact = 0;
    for (GoldenCase one : suite.cases()) {
      for (String name : one.exact()) {
        Tensor answer = one.expect().get(name);
        assertNotNull(answer, one.name() + " expects no " + name);
        for (String id : one.classes()) {
          PrecisionClass precision = PrecisionClass.find(id);
          for (int p = 0; p < answer.size(); p++) {
            double value = answer.get(p);
            assertEquals(value, precision.resultType(name).round(value), one.name() + " in " + id);
          }
        }
        exact++;
      }
    }
    assertTrue(exact >= 16, exact + " exact answers");
  }

  @Test
  void poison_is_never_in_an_answer() {
    for (GoldenCase one : suite.cases()) {
      if (one.flags().contains("PoisonNaN") || one.flags().contains("PoisonHuge")) {
        one.expect()
            .forEach(
                (name, tensor) -> {
                  for (int p = 0; p < tensor.size(); p++) {
                    boolean clean = Math.abs(tensor.get(p)) < 1e4;
                    boolean empty = name.equals("lse") && tensor.get(p) == Double.NEGATIVE_INFINITY;
                    assertTrue(clean || empty, one.name() + " " + name + " " + tensor.get(p));
                  }
                });
      }
    }
  }

  @Test
  void nan_is_in_an_answer_only_where_it_propagates() {
    for (GoldenCase one : suite.cases()) {
      boolean nan =
          one.expect().values().stream()
              .anyMatch(t -> Arrays.stream(t.toDoubles()).anyMatch(Double::isNaN));
      assertFalse(nan && !one.flags().contains("NaNPropagates"), one.name());
    }
  }

  @Test
  void refusals_name_their_reason() {
    long refusals =
        suite.cases().stream().filter(one -> one.result() == Expectation.REFUSE).count();
    assertTrue(refusals >= 20, refusals + " refusals");
    for (Refusal reason : Refusal.values()) {
      assertTrue(
          suite.cases().stream().anyMatch(one -> reason.name().equals(one.refuseCode())),
          "no case is refused for " + reason);
    }
  }
}
