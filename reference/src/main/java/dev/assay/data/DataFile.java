package dev.assay.data;

import dev.assay.file.FormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of a data set, plain or gzip-compressed, which its first bytes tell. It is read with
 * suspicion: a size is a limit of memory, not a promise of the file.
 */
final class DataFile {
  /** The most bytes that a file of text may hold, unpacked. */
  static final int MOST = 256 << 20;

  /** The longest line, in characters. */
  static final int LONGEST_LINE = 4 << 20;

  private DataFile() {}

  /**
   * All bytes, unpacked.
   *
   * @throws FormatException if there are more than {@code most}, or the packing is broken
   */
  static byte[] bytes(Path file, int most) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw fault(file, "file", "is not a regular file");
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream in = unpacked(raw)) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw fault(file, "content", "has more than " + most + " bytes, which is the most read");
      }
      return bytes;
    } catch (ZipException | EOFException broken) {
      throw new FormatException(
          file.toString(), "gzip", "cannot be unpacked: " + broken.getMessage(), broken);
    }
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    raw.mark(2);
    boolean packed = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return packed ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  /**
   * The text.
   *
   * @throws FormatException if it is not UTF-8
   */
  static String text(Path file) throws IOException {
    byte[] bytes = bytes(file, MOST);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException broken) {
      throw new FormatException(file.toString(), "text", "is not UTF-8", broken);
    }
  }

  /**
   * The lines of a text; they end with a line feed alone or behind a carriage return. A last line
   * without one counts, an empty one behind the last line feed does not.
   */
  static List<String> lines(Path file) throws IOException {
    String text = text(file);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int feed = text.indexOf('\n', from);
      int end = feed < 0 ? text.length() : feed;
      if (end - from > LONGEST_LINE) {
        throw fault(
            file,
            "line " + (lines.size() + 1),
            "has more than " + LONGEST_LINE + " characters, which is the most read");
      }
      boolean carriage = end > from && text.charAt(end - 1) == '\r';
      lines.add(text.substring(from, carriage ? end - 1 : end));
      from = end + 1;
    }
    return lines;
  }

  static FormatException fault(Path file, String field, String rule) {
    return new FormatException(file.toString(), field, rule);
  }

  /** The fields of a line of numbers or words, checked to be so many. */
  static String[] fields(Path file, int line, String text, String separator, int count)
      throws FormatException {
    String[] fields = text.split(separator, -1);
    if (fields.length != count) {
      throw fault(
          file, "line " + line, "has " + fields.length + " fields: " + count + " are needed");
    }
    return fields;
  }

  /** A whole number between two bounds. */
  static int integer(Path file, String field, String text, int least, int most)
      throws FormatException {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException broken) {
      // The sentence below says what is needed.
    }
    throw fault(
        file, field, "is '" + text + "': a whole number in " + least + ".." + most + " is needed");
  }

  /** A finite number. */
  static double number(Path file, String field, String text) throws FormatException {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException broken) {
      // The sentence below says what is needed.
    }
    throw fault(file, field, "is '" + text + "': a finite number is needed");
  }
}
