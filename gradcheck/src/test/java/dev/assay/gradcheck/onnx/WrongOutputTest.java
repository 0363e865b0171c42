package dev.assay.gradcheck.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One wrong element among all is found, and said where. */
class WrongOutputTest {
  @TempDir private Path folder = Path.of("");

  /** Changes one element of an fp32 output; raw_data is the last field, so it ends the file. */
  private Outcome after(String test, int output, int fromEnd, DoubleUnaryOperator change)
      throws IOException {
    NodeTest copy = Samples.copy(test, folder);
    Path file = copy.folder().resolve("test_data_set_0/output_" + output + ".pb");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = bytes.length - Float.BYTES * fromEnd;
    data.putFloat(at, (float) change.applyAsDouble(data.getFloat(at)));
    Files.write(file, bytes);
    return copy.run();
  }

  private static String sentence(Outcome outcome) {
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome, outcome::toString);
    assertEquals(1, failed.differences().size());
    assertEquals(1, failed.differences().getFirst().elements());
    return failed.differences().getFirst().sentence();
  }

  @Test
  void an_element_that_is_a_ten_thousandth_off_is_found() throws IOException {
    // element [1, 2, 3, 6] of [2, 3, 4, 8] is the last but one
    String said = sentence(after("test_attention_4d", 0, 2, x -> x + 1e-4));
    assertTrue(said.contains("[1, 2, 3, 6]"), said);
  }

  @Test
  void a_wrong_rotation_is_found() throws IOException {
    String said =
        sentence(after("test_rotary_embedding_with_rotary_dim", 0, 2 * 4 * 3 * 8, x -> x + 1e-5));
    assertTrue(said.contains("[0, 0, 0, 0]"), said);
  }

  @Test
  void a_channel_that_is_not_turned_must_be_exact() throws IOException {
    String said =
        sentence(after("test_rotary_embedding_with_rotary_dim", 0, 1, x -> Math.nextUp((float) x)));
    assertTrue(said.contains("[1, 3, 2, 7]"), said);
  }

  @Test
  void a_wrong_state_is_found_beside_a_right_output() throws IOException {
    String said = sentence(after("test_linear_attention_decode_step", 1, 1, x -> x + 1e-5));
    assertTrue(said.contains("[1, 3, 7, 7]"), said);
  }

  @Test
  void not_a_number_is_found() throws IOException {
    sentence(after("test_attention_4d", 0, 1, x -> Double.NaN));
  }

  @Test
  void an_infinity_is_found() throws IOException {
    sentence(after("test_attention_4d", 0, 1, x -> Double.NEGATIVE_INFINITY));
  }

  @Test
  void wrong_scores_are_found_in_the_second_output() throws IOException {
    // the fourth position of the outputs is the second file: nobody asked for present keys
    Outcome outcome = after("test_attention_4d_with_qk_matmul_bias", 1, 1, x -> x + 1e-4);
    assertTrue(sentence(outcome).contains("[1, 2, 3, 5]"), outcome::toString);
  }

  @Test
  void an_output_of_another_shape_is_found() throws IOException {
    NodeTest copy = Samples.copy("test_attention_4d", folder);
    Path data = copy.folder().resolve("test_data_set_0");
    Files.write(data.resolve("output_0.pb"), Files.readAllBytes(data.resolve("input_1.pb")));
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, copy.run());
    assertTrue(failed.differences().getFirst().sentence().contains("must have [2, 3, 4, 8]"));
  }
}
