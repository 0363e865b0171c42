package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.cli.docs.Specimen;
import dev.assay.mechanism.Card.Choice;
import dev.assay.mechanism.Card.Timing;
import dev.assay.mechanism.Mechanism;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code assay explain} says of the example of every mechanism. */
class ReasonsTest {
  private static final Set<String> VAGUE =
      Set.of("selected", "chosen", "kept", "indirect", Mechanism.NOT_ATTENDED);

  static List<Mechanism> mechanisms() {
    return MechanismCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("mechanisms")
  void every_key_has_a_reason_and_what_was_selected_has_its_number(Mechanism mechanism) {
    Set<String> reasons = new TreeSet<>();
    for (int head = 0; head < 2; head++) {
      for (int row = 5; row < 40; row += 7) {
        reasons.addAll(reasons(mechanism, row, head));
      }
    }
    assertTrue(!reasons.isEmpty(), "some query of " + mechanism.id() + " meets a key");
    for (String reason : reasons) {
      assertTrue(!reason.isBlank() && !VAGUE.contains(reason), reason);
    }
    // Landmarks stand for all tokens: nothing is selected there.
    boolean selects = mechanism.card().choice() != Choice.LOW_RANK;
    if (selects && mechanism.card().timing() == Timing.DYNAMIC) {
      assertTrue(
          reasons.stream().anyMatch(reason -> reason.matches(".*\\d.*")), reasons.toString());
    }
  }

  private static Set<String> reasons(Mechanism mechanism, int row, int head) {
    List<String> words = new ArrayList<>(List.of("explain", mechanism.id()));
    List<String> options = List.of(Specimen.of(mechanism).options().split(" ", -1));
    for (int o = 0; o < options.size(); o += 2) {
      if (!options.get(o).equals("--show") && !options.get(o).equals("--heads")) {
        words.addAll(options.subList(o, o + 2));
      }
    }
    words.addAll(List.of("--heads", "2", "--row", String.valueOf(row)));
    words.addAll(List.of("--head", String.valueOf(head), "--top", "64", "--format", "json"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(String[]::new));
    assertEquals(ExitCode.PASS, code, err.toString());
    Set<String> reasons = new TreeSet<>();
    for (JsonNode softmax : JsonMapper.shared().readTree(out.toString()).get("softmaxes")) {
      softmax.get("heaviest").forEach(key -> reasons.add(key.get("rule").asString()));
    }
    return reasons;
  }
}
