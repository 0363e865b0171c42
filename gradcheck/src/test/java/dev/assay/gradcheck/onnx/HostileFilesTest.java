package dev.assay.gradcheck.onnx;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.assay.file.FormatException;
import dev.assay.tensor.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are: a tensor, a model, or one sentence. */
class HostileFilesTest {
  private static final int SEED = 20260804;
  private static final int TRIES = 30_000;
  private static final int RUNS = 1_500;

  @TempDir private Path folder = Path.of("");

  @Test
  void mutated_bytes_are_read_or_refused() throws IOException {
    List<Path> files = Samples.files(Samples.FOLDER);
    Philox dice = new Philox(SEED, 1, 0);
    int refused = 0;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Path file = files.get(attempt % files.size());
      byte[] bytes = mutated(Files.readAllBytes(file), dice, attempt);
      try {
        if (file.toString().endsWith(".onnx")) {
          OnnxReader.model("mutant", bytes);
        } else {
          OnnxReader.tensor("mutant", bytes);
        }
      } catch (FormatException expected) {
        refused++;
        assertTrue(expected.toString().contains(": mutant: "), expected::toString);
      } catch (RuntimeException | Error escaped) {
        fail("seed " + SEED + ", try " + attempt + " on " + file, escaped);
      }
    }
    assertTrue(refused > TRIES / 10, "only " + refused + " were refused");
  }

  @Test
  void mutated_tests_have_an_outcome() throws IOException {
    List<NodeTest> tests = NodeTests.in(Samples.FOLDER);
    Philox dice = new Philox(SEED, 2, 0);
    for (int attempt = 0; attempt < RUNS; attempt++) {
      NodeTest test = Samples.copy(tests.get(attempt % tests.size()).name(), folder);
      List<Path> files = Samples.files(test.folder());
      Path file = files.get((dice.words(attempt)[3] >>> 1) % files.size());
      byte[] original = Files.readAllBytes(file);
      Files.write(file, mutated(original, dice, attempt));
      try {
        test.run();
      } catch (RuntimeException | Error escaped) {
        fail("seed " + SEED + ", try " + attempt + " on " + file, escaped);
      }
      Files.write(file, original);
    }
  }

  /** One to four bytes changed, and in one of eight tries the end cut off. */
  private static byte[] mutated(byte[] original, Philox dice, int attempt) {
    int[] words = dice.words(attempt);
    int length = (words[3] & 7) == 0 ? (words[3] >>> 3) % (original.length + 1) : original.length;
    byte[] bytes = Arrays.copyOf(original, length);
    int changes = 1 + (words[0] & 3);
    for (int change = 0; change < changes && length > 0; change++) {
      int[] more = dice.words(((change + 1L) << 32) + attempt);
      // every second change falls on the first bytes: there lie the tags, the lengths and the
      // extents
      int reach = (more[2] & 1) == 0 ? Math.min(length, 40) : length;
      bytes[(more[0] >>> 1) % reach] = (byte) more[1];
    }
    return bytes;
  }

  @Test
  void a_shape_beyond_its_data_is_refused_before_memory_is_taken() {
    byte[] tensor = {
      8, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7, 16, 1, 74, 4, 0, 0, 0, 0
    };
    FormatException refused =
        assertThrows(FormatException.class, () -> OnnxReader.tensor("x.pb", tensor));
    assertTrue(refused.toString().contains(": x.pb: tensor.raw_data: "), refused::toString);
  }

  @Test
  void a_length_beyond_the_file_is_refused() {
    byte[] model = {58, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7};
    assertThrows(FormatException.class, () -> OnnxReader.model("x.onnx", model));
  }

  @Test
  void a_missing_input_is_named() throws IOException {
    NodeTest test = Samples.copy("test_attention_4d", folder);
    Files.delete(test.folder().resolve("test_data_set_0/input_1.pb"));
    Outcome.Malformed broken = assertInstanceOf(Outcome.Malformed.class, test.run());
    assertTrue(broken.sentence().contains("input_1.pb"), broken.sentence());
  }

  @Test
  void inputs_that_do_not_fit_are_malformed() throws IOException {
    NodeTest test = Samples.copy("test_attention_4d", folder);
    Path data = test.folder().resolve("test_data_set_0");
    Path rotary = Samples.FOLDER.resolve("test_rotary_embedding_with_rotary_dim/test_data_set_0");
    Files.write(data.resolve("input_1.pb"), Files.readAllBytes(rotary.resolve("input_1.pb")));
    Outcome.Malformed broken = assertInstanceOf(Outcome.Malformed.class, test.run());
    assertTrue(broken.sentence().contains("K has shape [50, 2]"), broken.sentence());
  }
}
