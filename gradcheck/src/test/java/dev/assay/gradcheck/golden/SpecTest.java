package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.gate.BiasGate;
import dev.assay.gradcheck.gate.RmsGate;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Case;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** SPEC.md is normative, so its tables are checked against the code line by line. */
class SpecTest {
  private static final String SPEC = GoldenFolder.text("SPEC.md");

  @Test
  void the_constants_of_the_classes_are_those_of_the_code() {
    for (PrecisionClass one : PrecisionClass.values()) {
      String row =
          "| %s | %s | %s | %s | %s | %s | %s | %d |"
              .formatted(
                  one.id(),
                  one.storage(),
                  power(one.uS()),
                  power(one.uP()),
                  power(one.uO()),
                  power(one.uDS()),
                  power(one.uAcc()),
                  (int) one.expUlp());
      assertTrue(SPEC.contains(row), "SPEC.md lacks the row " + row);
    }
  }

  private static String power(double u) {
    return "2^" + Math.getExponent(u);
  }

  @Test
  void philox_gives_its_known_answers() {
    List<MatchResult> rows =
        Pattern.compile("(?m)^\\| ((?:[0-9a-f]{8} ){4})\\| ((?:[0-9a-f]{8} ){2})\\| (.*) \\|$")
            .matcher(SPEC)
            .results()
            .toList();
    assertEquals(3, rows.size());
    for (MatchResult row : rows) {
      int[] key = words(row.group(2));
      assertEquals(
          row.group(3),
          String.join(
              " ",
              Arrays.stream(Philox.block(words(row.group(1)), key[0], key[1]))
                  .mapToObj(word -> HexFormat.of().toHexDigits(word))
                  .toList()));
    }
  }

  private static int[] words(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToInt(HexFormat::fromHexDigits).toArray();
  }

  @Test
  void the_distributions_give_their_known_numbers() {
    Philox generator = new Philox(Case.SEED, Case.stream("q"), 1);
    int[] places = {0, 1, 2, 3, 22};
    for (Distribution one : Distribution.values()) {
      StringBuilder row = new StringBuilder("| `" + one.name().toLowerCase(Locale.ROOT) + "` |");
      for (int place : places) {
        row.append(' ').append(Double.toHexString(one.value(generator, place, -16))).append(" |");
      }
      assertTrue(SPEC.contains(row), "SPEC.md lacks the row " + row);
    }
  }

  @Test
  void the_streams_of_the_tensors_are_those_of_the_code() {
    List<MatchResult> named =
        Pattern.compile("`([a-z_]+)` ([1-8])[,;]").matcher(SPEC).results().toList();
    assertEquals(8, named.size(), "streams named in SPEC.md");
    named.forEach(
        one ->
            assertEquals(Integer.parseInt(one.group(2)), Case.stream(one.group(1)), one.group(1)));
  }

  @Test
  void the_limits_of_the_gates_are_those_of_the_code() {
    String gates = SPEC.substring(SPEC.indexOf("## 8. Gates"), SPEC.indexOf("## 9. Results"));
    String usual = "|mean x| > " + power(BiasGate.LEAN);
    String units = ", for `lse` in a class of 16 bits " + power(BiasGate.LEAN_OF_UNITS);
    assertTrue(gates.contains(usual + units), gates);
    assertTrue(gates.contains(String.format(Locale.ROOT, "= %.2f", BiasGate.LIMIT)), gates);
    assertTrue(gates.contains("Below " + BiasGate.ENOUGH + " rows"), gates);
    assertTrue(gates.contains("above " + RmsGate.limit(PrecisionClass.F32_FLASH)), gates);
    assertTrue(gates.contains("or " + RmsGate.limit(PrecisionClass.BF16_FLASH)), gates);
    assertEquals(1 + 0x1p-6, Bounds.KAPPA);
    assertTrue(SPEC.contains("multiplied by 1 + 2^-6"));
  }

  @Test
  void every_reason_to_refuse_is_explained() {
    for (Refusal reason : Refusal.values()) {
      assertTrue(SPEC.contains("| `" + reason + "` |"), "SPEC.md lacks " + reason);
    }
  }

  @Test
  void every_key_of_an_operation_is_explained() {
    TreeSet<String> keys = new TreeSet<>();
    for (Family family : GoldenCatalog.families()) {
      for (Draft draft : family.drafts()) {
        if (draft.refusal() == null && !CaseFiles.isOutsideCore(family.name())) {
          Case problem = draft.problem();
          keys.addAll(Operation.of(problem.mechanism(), problem.tensors()).keySet());
        }
      }
    }
    keys.removeIf(key -> SPEC.contains("`" + key + "`"));
    assertEquals(new TreeSet<String>(), keys, "keys of op that SPEC.md does not explain");
  }
}
