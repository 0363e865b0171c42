package dev.assay.gradcheck.onnx;

/**
 * An attribute of a node, with the fields of AttributeProto that attention operators use.
 *
 * @param name its name
 * @param real field f, 0 if absent
 * @param integer field i, 0 if absent
 * @param text field s, empty if absent
 * @param graph whether it holds a graph
 */
record Attribute(String name, float real, long integer, String text, boolean graph) {}
