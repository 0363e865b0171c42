package dev.assay.gradcheck.conformance;

import dev.assay.file.FormatException;
import dev.assay.file.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object of a JSON document that somebody else wrote, whose fields are asked for one by one.
 * What is optional may be left out, but is never null.
 *
 * @param file of the document
 * @param at the place in the document, or an empty text for the whole
 * @param node the object
 */
record JsonObject(String file, String at, JsonNode node) {

  /**
   * The document as an object.
   *
   * @throws FormatException if it is something else
   */
  static JsonObject of(String file, @Nullable JsonNode node) throws FormatException {
    if (node == null || !node.isObject()) {
      throw new FormatException(file, "JSON", "is no object: an index is one");
    }
    return new JsonObject(file, "", node);
  }

  /** The names of all fields, in order. */
  Collection<String> keys() {
    return node.propertyNames();
  }

  /** Refuses all fields but these. */
  void only(String... known) throws FormatException {
    for (String key : keys()) {
      if (!List.of(known).contains(key)) {
        throw fault(key, "is unknown: the fields here are " + List.of(known));
      }
    }
  }

  /** A text that is there, and not empty. */
  String text(String key) throws FormatException {
    String text = optional(key);
    if (text == null || text.isEmpty()) {
      throw fault(key, "must be there, and a text");
    }
    return text;
  }

  /** A text, fit to be printed, or null if the field is left out. */
  @Nullable String optional(String key) throws FormatException {
    JsonNode value = node.get(key);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw fault(key, "is " + (value.isNull() ? "null" : "no text") + ": it must be a text");
    }
    return Printable.of(value.stringValue());
  }

  /** A text that is one of those allowed. */
  String oneOf(String key, List<String> allowed) throws FormatException {
    String text = text(key);
    if (!allowed.contains(text)) {
      String rule = allowed.size() == 1 ? allowed.getFirst() : "one of " + allowed;
      throw fault(key, "is '" + text + "': it must be " + rule);
    }
    return text;
  }

  /** A field that is an object itself. */
  JsonObject object(String key) throws FormatException {
    JsonNode value = node.get(key);
    if (value == null || !value.isObject()) {
      throw fault(key, "must be there, and an object");
    }
    return new JsonObject(file, path(key), value);
  }

  /** A field that is a list of objects. */
  List<JsonObject> objects(String key) throws FormatException {
    JsonNode value = node.get(key);
    if (value == null || !value.isArray()) {
      throw fault(key, "must be there, and a list");
    }
    List<JsonObject> objects = new ArrayList<>();
    for (int at = 0; at < value.size(); at++) {
      String place = path(key) + "[" + at + "]";
      if (!value.get(at).isObject()) {
        throw new FormatException(file, place, "is no object");
      }
      objects.add(new JsonObject(file, place, value.get(at)));
    }
    return objects;
  }

  /** A sentence about a field. */
  FormatException fault(String key, String rule) {
    return new FormatException(file, path(key), rule);
  }

  private String path(String key) {
    return at.isEmpty() ? key : at + "." + key;
  }
}
