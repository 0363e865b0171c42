package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules as they are written in files. */
class NameMapRulesTest {
  private static final Tensor MATRIX = Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

  private static Map<String, Tensor> read(String... rules) throws IOException {
    NameMap map = new NameMap();
    for (String rule : rules) {
      map.rule(rule);
    }
    TensorFile file =
        TensorFile.builder().put("a.w", MATRIX).put("a.b", Tensor.of(Shape.of(2), 7, 8)).build();
    return map.read(file).complete();
  }

  @Test
  void a_tensor_is_renamed_by_what_a_group_holds() throws IOException {
    assertEquals(List.of("w", "b"), List.copyOf(read("rename a\\.(.*) $1").keySet()));
  }

  @Test
  void a_matrix_is_turned_and_another_tensor_dropped() throws IOException {
    Map<String, Tensor> found = read("turn a\\.w w", "drop a\\.b");
    assertEquals(1, found.size());
    assertTrue(
        Tensor.of(Shape.of(3, 2), 1, 4, 2, 5, 3, 6).bitEquals(found.values().iterator().next()));
  }

  @Test
  void a_tensor_is_split_along_its_first_axis() throws IOException {
    Map<String, Tensor> found = read("split a\\.b x y", "rename .*w w");
    assertEquals(List.of("w", "x", "y"), List.copyOf(found.keySet()));
  }

  @Test
  void blank_lines_and_remarks_are_no_rules() throws IOException {
    assertEquals(2, read("", "  # all of them", "rename (.*) $1").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rename a", "turn a b c", "split a b", "drop a b", "move a b", "drop ("})
  void anything_else_is_refused_in_one_sentence(String rule) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> new NameMap().rule(rule))
                .getMessage());
    assertEquals(1, message.lines().count(), message);
  }
}
