package dev.assay.gradcheck.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One application of an operator.
 *
 * @param operator its type
 * @param domain its domain; empty for the standard operators
 * @param inputs names of the inputs by position; empty for one that is left out
 * @param outputs names of the outputs by position; empty for one that nobody wants
 * @param attributes by name
 */
record Node(
    String operator,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /** The operator with its domain, as the ONNX documentation writes it. */
  String qualifiedName() {
    return domain.isEmpty() ? operator : domain + "." + operator;
  }

  /** Whether the attribute is there. */
  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  /** An integer attribute, or its default. */
  long integer(String attribute, long otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.integer();
  }

  /** A real attribute, or its default. */
  double real(String attribute, double otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.real();
  }

  /** A text attribute, or its default. */
  String text(String attribute, String otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.text();
  }

  /**
   * Refuses what nobody here has read: an attribute that is ignored may change every number.
   *
   * @throws NotSupportedException if there is an attribute besides these
   */
  void knowsOnly(Set<String> known) throws NotSupportedException {
    for (String name : new TreeSet<>(attributes.keySet())) {
      if (!known.contains(name)) {
        throw new NotSupportedException("its attribute " + name + " is not known here");
      }
    }
  }
}
