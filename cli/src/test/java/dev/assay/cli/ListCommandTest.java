package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.cli.docs.PaperSystem;
import dev.assay.cli.docs.PaperSystems;
import dev.assay.file.Json;
import dev.assay.mechanism.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ListCommandTest {
  @Test
  void mechanisms_in_text_are_a_line_each() {
    assertEquals(MechanismCatalog.all().size(), list("mechanisms").lines().count());
    assertTrue(
        list("mechanisms")
            .lines()
            .anyMatch(line -> line.matches("hierarchical-chunking +A token attends.*")));
  }

  @Test
  void mechanisms_in_json_come_with_every_setting_and_tensor() {
    JsonNode documents = json("mechanisms");
    for (int m = 0; m < documents.size(); m++) {
      var mechanism = MechanismCatalog.all().get(m);
      JsonNode document = documents.get(m);
      assertEquals(mechanism.id(), document.get("id").asString());
      assertEquals(Settings.describe(mechanism.getClass()).size(), document.get("settings").size());
      assertTrue(document.get("settings").get(0).has("default"), document.toString());
      assertEquals(mechanism.tensors().size(), document.get("tensors").size());
      assertEquals("out", document.get("results").get(0).get("name").asString());
      assertEquals(mechanism.cases().size(), document.get("cases").size());
    }
  }

  @Test
  void results_name_choices_and_the_lse_only_where_there_are_some() {
    int at = MechanismCatalog.ids().indexOf("head-gate");
    String gate = json("mechanisms").get(at).get("results").toString();
    assertTrue(gate.contains("\"active\"") && gate.contains("\"d_w_gate\""), gate);
    assertTrue(!gate.contains("\"lse\""), gate);
  }

  @Test
  void every_system_of_the_papers_is_a_mechanism_or_a_class_of_the_house() {
    for (PaperSystem system : PaperSystems.all()) {
      Class<?> type = system.type();
      if (type == null) {
        assertEquals(system.mechanism(), system.make().id());
      } else {
        assertTrue(type.getName().startsWith("dev.assay."), type.getName());
      }
    }
    assertEquals(PaperSystems.all().size(), list("systems").lines().count());
  }

  @Test
  void every_mechanism_is_a_system_of_some_paper() {
    Set<String> named =
        PaperSystems.all().stream().map(PaperSystem::mechanism).collect(Collectors.toSet());
    Set<String> others = new TreeSet<>(MechanismCatalog.ids());
    others.removeAll(named);
    // Scores that are given come from no paper: it is what selections of many have in common.
    assertEquals(Set.of("scored-blocks"), others);
  }

  @Test
  void systems_in_json_have_their_settings() {
    JsonNode systems = json("systems");
    for (JsonNode system : systems) {
      if (system.get("name").asString().equals("BigBird, as a multiset")) {
        assertEquals("MULTISET", system.get("settings").get("reading").asString());
        return;
      }
    }
    throw new AssertionError(systems.toString());
  }

  @Test
  void engines_say_what_they_run_on() {
    assertTrue(list("engines").contains("scalar"));
    assertEquals("f64", json("engines").get(0).get("precisionClass").asString());
  }

  @Test
  void ops_name_their_parameters() {
    assertTrue(list("ops").lines().anyMatch(line -> line.matches("Sddmm +2 inputs; keep")));
    assertTrue(json("ops").size() >= 30);
  }

  @Test
  void layouts_name_their_tensors_types_and_source() {
    String flex =
        list("layouts")
            .lines()
            .filter(line -> line.startsWith("flex-attention "))
            .findFirst()
            .get();
    assertTrue(flex.contains("kv_indices [B, H, NQ, NK] I32"), flex);
    assertTrue(flex.contains("pytorch/pytorch"), flex);
    JsonNode document = json("layouts").get(2);
    assertEquals("flex-attention", document.get("id").asString());
    assertEquals("kv_num_blocks", document.get("tensors").get(0).get("name").asString());
    assertEquals("I32", document.get("tensors").get(0).get("dtype").asString());
    assertEquals("FULL", document.get("abilities").get(0).asString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mechanisms", "engines", "ops", "cases", "layouts"})
  void json_has_as_many_entries_as_the_text_has_lines(String what) {
    assertEquals(list(what).lines().count(), json(what).size());
  }

  private static JsonNode json(String what) {
    return Json.mapper().readTree(list(what, "--format", "json"));
  }

  private static String list(String... what) {
    StringWriter out = new StringWriter();
    String[] args = new String[what.length + 1];
    args[0] = "list";
    System.arraycopy(what, 0, args, 1, what.length);
    assertEquals(ExitCode.PASS, Assay.commandLine().setOut(new PrintWriter(out)).execute(args));
    return out.toString();
  }
}
