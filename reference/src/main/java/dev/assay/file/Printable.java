package dev.assay.file;

/**
 * Names and texts of a hostile file on their way to a reader: they may neither break the line, nor
 * command the terminal or a build server.
 */
public final class Printable {
  private Printable() {}

  /** The text, with an escape such as {@code \\u001b} for everything that cannot be seen. */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (visible(c)) {
                printable.appendCodePoint(c);
              } else {
                printable.append("\\u%04x".formatted(c));
              }
            });
    return printable.toString();
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
