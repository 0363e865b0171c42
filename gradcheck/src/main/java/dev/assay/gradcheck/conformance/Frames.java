package dev.assay.gradcheck.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Files one after another in a pipe: eight bytes with the length, little-endian, then the file. */
final class Frames {
  /** The prefix of a safetensors file, and its smallest header. */
  private static final int LEAST = Long.BYTES + 2;

  private static final int MOST = 1 << 28;

  private Frames() {}

  static void write(OutputStream out, byte[] file) throws IOException {
    byte[] length = new byte[Long.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(file.length);
    out.write(length);
    out.write(file);
    out.flush();
  }

  /**
   * The next file; empty at the end.
   *
   * @throws IOException with one sentence, if the stream ends in the middle or holds something else
   */
  static Optional<byte[]> read(InputStream in) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length == 0) {
      return Optional.empty();
    }
    long length =
        prefix.length < Long.BYTES
            ? 0
            : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < LEAST || length > MOST) {
      throw new IOException(
          "an answer begins with the bytes %s%s: a length of %d to %d must stand there, in eight bytes"
              .formatted(HexFormat.ofDelimiter(" ").formatHex(prefix), text(prefix), LEAST, MOST));
    }
    byte[] file = take(in, (int) length);
    if (file.length < length) {
      throw new IOException(
          "an answer ends after %d of the %d bytes that it announced"
              .formatted(file.length, length));
    }
    return Optional.of(file);
  }

  private static byte[] take(InputStream in, int length) throws IOException {
    try {
      return in.readNBytes(length);
    } catch (OutOfMemoryError tooLarge) {
      throw new IOException(
          "an answer of %d bytes does not fit into Java's memory".formatted(length), tooLarge);
    }
  }

  /** What a program prints for people ends here easily. */
  private static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\n')
        ? ", which is the text '%s' (print to the error stream)".formatted(text.strip())
        : "";
  }
}
