package dev.assay.gradcheck.fuzz;

import dev.assay.tensor.Philox;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Changes a valid document in one to four places; the same seed and try change the same. */
final class Mutator {
  /** What parsers stumble over: ends of ranges, signs, brackets, escapes, paths. */
  private static final List<byte[]> PIECES =
      List.of(
          new byte[] {-1, -1, -1, -1, -1, -1, -1, 127},
          new byte[] {0, 0, 0, -128},
          new byte[] {-1, -1, -1, 127},
          text("null"),
          text("-1"),
          text("1e999"),
          text("9223372036854775807"),
          text("{\"a\":"),
          text("[[[[[[[["),
          text("\\u0000"),
          text("../"),
          text("/"),
          text("\u001b[2J"),
          text("NaN"),
          text("((((("),
          text("\n"));

  private final int seed;

  Mutator(int seed) {
    this.seed = seed;
  }

  private static byte[] text(String piece) {
    return piece.getBytes(StandardCharsets.UTF_8);
  }

  /** The document of a try. */
  byte[] mutant(List<byte[]> corpus, int attempt) {
    Philox dice = new Philox(seed, 1, attempt);
    int[] first = dice.words(0);
    byte[] bytes = corpus.get(Integer.remainderUnsigned(first[0], corpus.size()));
    int changes = 1 + (first[1] & 3);
    for (int change = 1; change <= changes; change++) {
      bytes = changed(bytes, dice.words(change));
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, int[] words) {
    int at = Integer.remainderUnsigned(words[0], bytes.length + 1);
    int end = Math.min(bytes.length, at + 1 + Integer.remainderUnsigned(words[1], 16));
    byte[] piece = PIECES.get(Integer.remainderUnsigned(words[1], PIECES.size()));
    return switch (words[2] & 7) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> joined(bytes, at, new byte[0], end);
      case 2 -> joined(bytes, end, Arrays.copyOfRange(bytes, at, end), end);
      case 3 -> joined(bytes, at, piece, at);
      case 4 -> joined(bytes, at, piece, Math.min(bytes.length, at + piece.length));
      case 5 -> joined(bytes, at, new byte[] {(byte) (1 << (words[3] & 7))}, end);
      default -> joined(bytes, at, new byte[] {(byte) words[3]}, Math.min(bytes.length, at + 1));
    };
  }

  private static byte[] joined(byte[] bytes, int headEnd, byte[] piece, int tailStart) {
    byte[] mutant = Arrays.copyOf(bytes, headEnd + piece.length + bytes.length - tailStart);
    System.arraycopy(piece, 0, mutant, headEnd, piece.length);
    System.arraycopy(bytes, tailStart, mutant, headEnd + piece.length, bytes.length - tailStart);
    return mutant;
  }
}
