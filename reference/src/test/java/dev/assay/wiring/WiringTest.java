package dev.assay.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.nn.Runner;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of wirings: what lines mean, and what is refused. */
class WiringTest {
  private static final Map<String, Tensor> FILES =
      Map.of(
          "x", Tensor.of(Shape.of(1, 2, 2), 1, 2, 3, 4),
          "double.weight", Tensor.of(Shape.of(2, 2), 2, 0, 0, 2),
          "cot", Tensor.of(Shape.of(1, 2, 2), 1, 1, 1, 1),
          "lists", Tensor.of(Shape.of(2, 2), 3, 1, 2, -1));

  private static Wiring wiring(String... lines) throws FormatException {
    return WiringReader.read("mine", "mine.wiring", String.join("\n", lines));
  }

  private static WiringRun run(boolean gradients, String... lines) throws FormatException {
    Wiring wiring = wiring(lines);
    return WiringRun.of(wiring, wiring.make(Map.of()), FILES, Map.of(), Runner.naive(), gradients);
  }

  private static Tensor result(String value) throws FormatException {
    Tensor found = run(false, "run", "y = " + value).results().get("y");
    assertTrue(found != null);
    return Objects.requireNonNull(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2 * 3; 7",
        "(1 + 2) * 3; 9",
        "8 / 4 / 2; 1",
        "5 - 2 - 1; 2",
        "-2 * 3; -6",
        "2.5e1; 25",
        "dim(x, 1) + dim(x, -1); 4",
        "max(2, 3); 3"
      })
  void numbers_are_worked_out_with_the_usual_precedence(String text, double expected)
      throws FormatException {
    assertEquals(expected, result(text).get(0));
  }

  @Test
  void tensors_broadcast_from_the_right() throws FormatException {
    Tensor y = result("1 - x * numbers(1, 10)");
    assertTrue(Tensor.of(Shape.of(1, 2, 2), 0, -19, -2, -39).bitEquals(y), y.toString());
  }

  @Test
  void lists_become_sets_and_marks() throws FormatException {
    assertTrue(Tensor.of(Shape.of(2, 2), 1, 3, 2, -1).bitEquals(result("sets(lists)")));
    Tensor marks = Tensor.of(Shape.of(2, 4), 0, 1, 0, 1, 0, 0, 1, 0);
    assertTrue(marks.bitEquals(result("marks(lists, 4)")));
  }

  @Test
  void a_gradient_reaches_tokens_and_weights_and_nothing_else() throws FormatException {
    WiringRun run =
        run(
            true,
            "spare = lists * 1",
            "run",
            "out = linear(x, double) + 0 * max(1, dim(spare, 0))",
            "d_out = cot");
    assertTrue(Tensor.of(Shape.of(1, 2, 2), 2, 2, 2, 2).bitEquals(tensor(run, "d_x")));
    assertTrue(Tensor.of(Shape.of(2, 2), 4, 6, 4, 6).bitEquals(tensor(run, "d_double.weight")));
    assertFalse(run.results().containsKey("d_lists"), run.results().keySet().toString());
    assertFalse(run.results().containsKey("d_out"));
  }

  private static Tensor tensor(WiringRun run, String name) {
    return Objects.requireNonNull(run.results().get(name), name);
  }

  @Test
  void a_number_as_cotangent_counts_everywhere() throws FormatException {
    WiringRun run = run(true, "run", "loss = x * x", "d_loss = 0.5");
    assertTrue(Tensor.of(Shape.of(1, 2, 2), 1, 2, 3, 4).bitEquals(tensor(run, "d_x")));
  }

  @Test
  void an_optional_line_counts_only_if_all_that_it_names_is_there() throws FormatException {
    Map<String, Tensor> results =
        run(false, "run", "a ?= x + absent", "b ?= linear(x, single)", "c ?= linear(x, double)")
            .results();
    assertEquals(Set.of("c"), results.keySet());
  }

  @Test
  void a_mechanism_takes_what_lines_give_and_the_rest_from_the_files() throws FormatException {
    Wiring wiring =
        wiring(
            "# Mine.",
            "mechanism dense causal=true",
            "with heads = 1",
            "q = heads(x, heads)",
            "k = q",
            "run",
            "out = join(out)",
            "w = weights",
            "seen = attended");
    Map<String, Tensor> files = new LinkedHashMap<>(FILES);
    files.put("v", Tensor.of(Shape.of(1, 1, 2, 2), 5, 6, 7, 8));
    WiringRun run =
        WiringRun.of(wiring, wiring.make(Map.of()), files, Map.of(), Runner.naive(), false);
    assertEquals("Mine.", wiring.title());
    assertEquals(5, tensor(run, "out").get(0));
    assertTrue(Tensor.of(Shape.of(1, 1, 2, 2), 1, 0, 1, 1).bitEquals(tensor(run, "seen")));
    assertEquals(1, tensor(run, "w").get(2) + tensor(run, "w").get(3), 1e-15);
    assertTrue(run.read().contains("v"));
    assertFalse(run.read().contains("lists"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "y = ",
        "y = 1 +",
        "y = (1",
        "y = 1 2",
        "y = f(1,)",
        "y = #",
        "1y = 2",
        "run away",
        "expect\nrun",
        "mechanism",
        "y = 1\nmechanism dense",
        "with 3",
        "# a title alone"
      })
  void a_text_that_is_no_wiring_is_refused_with_its_place(String text) {
    FormatException wrong = assertThrows(FormatException.class, () -> wiring(text));
    String message = String.valueOf(wrong.getMessage());
    assertTrue(message.contains("mine.wiring") && message.lines().count() == 1, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "y = nothing",
        "y = nofunction(x)",
        "y = linear(x)",
        "y = linear(x, single)",
        "y = reshape(x, 3, -1)",
        "y = x + numbers(1, 2, 3)",
        "y = slice(x, 9, 0, 1)",
        "y = slice(x, 0, 0.5, 1)",
        "y = rope(x, sideways, 10)",
        "y = marks(lists, 2)",
        "y = squeeze(x, 1)",
        "y = pick(x, lists)"
      })
  void a_line_that_does_not_fit_is_refused_with_its_place(String line) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> run(false, "run", line));
    String message = String.valueOf(wrong.getMessage());
    assertTrue(message.startsWith("mine, line 2, y: "), message);
  }

  @Test
  void a_name_that_nothing_reads_is_refused() {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> run(false, "mechanism dense", "q = heads(x, 1)", "querry = q", "run", "out = q"));
    assertTrue(String.valueOf(wrong.getMessage()).contains("nothing reads querry"));
  }

  static List<String> names() {
    return WiringCatalog.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_wiring_of_the_catalogue_has_a_title_and_a_mechanism_that_exists(String name) {
    Wiring wiring = WiringCatalog.find(name);
    assertFalse(wiring.title().isEmpty());
    assertEquals(wiring.mechanism() == null, wiring.make(Map.of()) == null);
  }
}
