package dev.assay.file;

/**
 * Where in a file a reader stands, so that every fault can name it.
 *
 * @param source the file
 * @param field the part of it
 */
record Place(String source, String field) {
  FormatException fault(String rule) {
    return new FormatException(source, field, rule);
  }

  Place at(String inner) {
    return new Place(source, inner);
  }
}
