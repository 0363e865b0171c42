package dev.assay.gradcheck.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One protobuf message, read field by field. Every length is checked against the bytes that are
 * there before memory is taken for it, and every fault becomes a sentence that names the file and
 * the field.
 */
final class Message {
  /** Messages within messages; a one-node model needs about eight. */
  private static final int DEPTH = 32;

  private static final int LONGEST_NAME = 1000;

  private final String source;
  private final String path;
  private final CodedInputStream in;
  private final int depth;
  private int tag;

  private Message(String source, String path, byte[] bytes, int depth) {
    this.source = source;
    this.path = path;
    this.in = CodedInputStream.newInstance(bytes);
    this.in.setRecursionLimit(DEPTH);
    this.depth = depth;
  }

  /** The outermost message of a file. */
  static Message of(String source, String name, byte[] bytes) {
    return new Message(source, name, bytes, 0);
  }

  /** Steps to the next field and gives its number, or 0 at the end. */
  int next() throws FormatException {
    tag = get("tag", in::readTag);
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Steps over a field that nobody here needs. */
  void skip() throws FormatException {
    boolean group = get(name(), () -> !in.skipField(tag));
    if (group) {
      throw fault(name(), "a group ends that never began");
    }
  }

  /** Whether the field is of bytes, which for numbers means packed. */
  boolean delimited() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  long integer() throws FormatException {
    expect(WireFormat.WIRETYPE_VARINT, "an integer");
    return get(name(), in::readInt64);
  }

  float real() throws FormatException {
    expect(WireFormat.WIRETYPE_FIXED32, "a 32-bit float");
    return get(name(), in::readFloat);
  }

  double wideReal() throws FormatException {
    expect(WireFormat.WIRETYPE_FIXED64, "a 64-bit float");
    return get(name(), in::readDouble);
  }

  byte[] bytes() throws FormatException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED, "bytes");
    return get(name(), in::readByteArray);
  }

  /** A name: names end up in reports, so one that would break a line there is refused. */
  String text() throws FormatException {
    String text = new String(bytes(), StandardCharsets.UTF_8);
    if (text.length() > LONGEST_NAME || text.chars().anyMatch(Character::isISOControl)) {
      throw fault(
          name(), "a name has at most " + LONGEST_NAME + " characters, and no control characters");
    }
    return text;
  }

  /** The message that the current field holds. */
  Message message(String name) throws FormatException {
    if (depth >= DEPTH) {
      throw fault(name, "messages lie more than " + DEPTH + " deep in each other");
    }
    return new Message(source, path + "." + name, bytes(), depth + 1);
  }

  /** The bytes of a packed field, to be read one number after the other. */
  CodedInputStream packed() throws FormatException {
    return CodedInputStream.newInstance(bytes());
  }

  /** A fault of a field of this message. */
  FormatException fault(String field, String rule) {
    return new FormatException(source, path + "." + field, rule);
  }

  /** A read that may meet the end of the bytes or nonsense. */
  interface Read<T extends @Nullable Object> {
    /** Reads. */
    T read() throws IOException;
  }

  /** Reads; what the library complains about becomes a fault of the field. */
  <T> T get(String field, Read<T> read) throws FormatException {
    try {
      return read.read();
    } catch (IOException broken) {
      throw new FormatException(source, path + "." + field, "is no protobuf: " + rule(broken));
    }
  }

  private static String rule(IOException broken) {
    String said = String.valueOf(broken.getMessage());
    return said.toLowerCase(Locale.ROOT).contains("truncated")
            || said.contains("ended unexpectedly")
        ? "the bytes end within the field"
        : said;
  }

  private String name() {
    return "field " + WireFormat.getTagFieldNumber(tag);
  }

  private void expect(int wireType, String what) throws FormatException {
    int found = WireFormat.getTagWireType(tag);
    if (found != wireType) {
      throw fault(name(), "has wire type " + found + ", but must be " + what);
    }
  }
}
