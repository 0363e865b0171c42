package dev.assay.file;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Python literal of a npy header: {@code {'descr': '<f8', 'fortran_order': False,
 * 'shape': (2, 3), }}, with those three keys, each once, in any order.
 */
final class NpyLiteral {
  private static final int MOST_AXES = 64;

  private final String text;
  private final Place place;
  private int at;
  private @Nullable DType dtype;
  private @Nullable Boolean fortranOrder;
  private @Nullable Shape shape;

  NpyLiteral(String text, Place place) {
    this.text = text;
    this.place = place;
  }

  NpyHeader parse() throws FormatException {
    expect('{');
    while (!accept('}')) {
      String key = quoted();
      expect(':');
      switch (key) {
        case "descr" -> dtype = once(dtype, type(quoted()), key);
        case "fortran_order" -> fortranOrder = once(fortranOrder, truth(), key);
        case "shape" -> shape = once(shape, tuple(), key);
        default -> throw place.fault("its header has the unknown key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!text.substring(at).isBlank()) {
      throw place.fault("its header has more text after the last '}'");
    }
    if (dtype == null || fortranOrder == null || shape == null) {
      throw place.fault("its header lacks one of descr, fortran_order, shape");
    }
    return new NpyHeader(dtype, fortranOrder, shape);
  }

  private <T> T once(@Nullable T before, T value, String key) throws FormatException {
    if (before != null) {
      throw place.fault("its header has the key '" + key + "' twice");
    }
    return value;
  }

  private DType type(String descr) throws FormatException {
    return switch (descr) {
      case "<f8" -> DType.F64;
      case "<f4" -> DType.F32;
      case "<f2" -> DType.F16;
      case "<i8" -> DType.I64;
      case "<i4" -> DType.I32;
      case "<i2" -> DType.I16;
      case "|i1", "<i1" -> DType.I8;
      case "|u1", "<u1" -> DType.U8;
      case "|b1", "<b1", "|?", "?" -> DType.BOOL;
      default ->
          throw place.fault(
              "descr '"
                  + descr
                  + "' is not read here: save it as one of <f8 <f4 <f2 <i8 <i4 <i2 |i1 |u1 |b1");
    };
  }

  private boolean truth() throws FormatException {
    skipBlanks();
    for (String word : new String[] {"True", "False"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw place.fault("fortran_order must be True or False");
  }

  private Shape tuple() throws FormatException {
    long[] extents = new long[MOST_AXES];
    int rank = 0;
    expect('(');
    while (!accept(')')) {
      if (rank == MOST_AXES) {
        throw place.fault("shape has more than " + MOST_AXES + " axes");
      }
      extents[rank++] = number();
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return Extents.shape(Arrays.copyOf(extents, rank), place);
  }

  private long number() throws FormatException {
    skipBlanks();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    // Old versions of numpy on Python 2 wrote 3L.
    String digits = text.substring(from, at);
    accept('L');
    if (digits.isEmpty() || digits.length() > 18) {
      throw place.fault("shape must be a tuple of whole numbers below 2^31");
    }
    return Long.parseLong(digits);
  }

  private String quoted() throws FormatException {
    skipBlanks();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw place.fault("its header is broken at character " + at + ": a quoted text must follow");
    }
    String inner = text.substring(at + 1, end);
    at = end + 1;
    return inner;
  }

  private void expect(char wanted) throws FormatException {
    if (!accept(wanted)) {
      throw place.fault(
          "its header is broken at character " + at + ": '" + wanted + "' must follow");
    }
  }

  private boolean accept(char wanted) {
    skipBlanks();
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
