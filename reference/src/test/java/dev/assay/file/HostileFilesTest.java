package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.assay.tensor.DType;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers never trust a file: whatever bytes of a valid file are changed, it is read or refused
 * with a sentence; nothing else is ever thrown, no memory runs out and nothing hangs.
 */
class HostileFilesTest {
  private static final int SEED = 20;
  private static final int SAFETENSORS_TRIES = 60_000;
  private static final int NPZ_TRIES = 45_000;
  private static final int NPY_TRIES = 15_000;

  /** Bytes that parsers stumble over. */
  private static final byte[] AWKWARD = {
    0, 1, -1, 127, -128, '{', '}', '[', ']', '"', ',', ':', '-', '9', 'e', '.', '\\', ' ', '\n', '('
  };

  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void a_changed_safetensors_file_is_read_or_refused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(
        file,
        TensorFile.builder()
            .put("q", DType.BF16, Tensor.zeros(Shape.of(1, 2, 3)))
            .put("mask", DType.BOOL, Tensor.full(Shape.of(3), 1))
            .put("idx", DType.I64, Tensor.full(Shape.of(2), 5))
            .metadata("suite", "assay \u00e9")
            .build());
    mutate(file, SAFETENSORS_TRIES);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void a_changed_npz_file_is_read_or_refused() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("q.npy", NumpyFiles.npy("<f8", false, "(2, 2)", NumpyFiles.doubles(1, 2, 3, 4)));
    arrays.put("mask.npy", NumpyFiles.npy("|b1", true, "(3,)", new byte[] {0, 1, 1}));
    Path file = Files.write(folder.resolve("x.npz"), NumpyFiles.npz(arrays));
    mutate(file, NPZ_TRIES);
  }

  /** Without an archive around it, which notices most changes first. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void a_changed_npy_file_is_read_or_refused() throws IOException {
    byte[] array = NumpyFiles.npy("<f4", true, "(2, 1)", new byte[8]);
    mutate(Files.write(folder.resolve("x.npy"), array), NPY_TRIES);
  }

  private static void mutate(Path file, int tries) throws IOException {
    byte[] valid = Files.readAllBytes(file);
    int refused = 0;
    try (FileChannel content = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int attempt = 0; attempt < tries; attempt++) {
        byte[] mutant = mutant(valid, new Philox(SEED, 1, attempt));
        // Overwritten in place: emptying the file first makes some file systems wait for the disk.
        content.write(ByteBuffer.wrap(mutant), 0);
        content.truncate(mutant.length);
        refused += refused(file, attempt) ? 1 : 0;
      }
    }
    int found = refused;
    assertTrue(found > tries / 4, () -> "only " + found + " of " + tries + " were refused");
  }

  private static boolean refused(Path file, int attempt) {
    try {
      TensorFile.read(file).tensors();
      return false;
    } catch (FormatException sentence) {
      String message = String.valueOf(sentence.getMessage());
      assertTrue(
          message.contains(file.getFileName().toString()) && message.lines().count() == 1,
          () -> "seed " + SEED + ", attempt " + attempt + ": " + message);
      return true;
    } catch (Throwable other) {
      return fail("seed " + SEED + ", attempt " + attempt + " threw " + other, other);
    }
  }

  /** One to four bytes changed, or a piece cut out, doubled or cut off. */
  private static byte[] mutant(byte[] valid, Philox random) {
    int[] words = random.words(0);
    int at = Integer.remainderUnsigned(words[0], valid.length);
    int span = 1 + Integer.remainderUnsigned(words[1], Math.min(16, valid.length - at));
    return switch (Integer.remainderUnsigned(words[2], 8)) {
      case 0 -> Arrays.copyOf(valid, at);
      case 1 -> joined(valid, at, at + span);
      case 2 -> joined(valid, at + span, at);
      default -> changed(valid, random, 1 + (words[3] & 3));
    };
  }

  private static byte[] joined(byte[] valid, int headEnd, int tailStart) {
    byte[] mutant = Arrays.copyOf(valid, headEnd + valid.length - tailStart);
    System.arraycopy(valid, tailStart, mutant, headEnd, valid.length - tailStart);
    return mutant;
  }

  private static byte[] changed(byte[] valid, Philox random, int count) {
    byte[] mutant = valid.clone();
    for (int change = 1; change <= count; change++) {
      int[] words = random.words(change);
      int at = Integer.remainderUnsigned(words[0], mutant.length);
      mutant[at] =
          (words[1] & 1) == 0
              ? (byte) words[2]
              : AWKWARD[Integer.remainderUnsigned(words[2], AWKWARD.length)];
    }
    return mutant;
  }
}
