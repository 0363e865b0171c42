package dev.assay.gradcheck.onnx;

import dev.assay.file.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ModelProto, GraphProto, NodeProto and AttributeProto, with the field numbers of onnx.proto.
 */
final class ModelReader {
  private ModelReader() {}

  static Model read(Message model) throws FormatException {
    Model found = null;
    for (int field = model.next(); field != 0; field = model.next()) {
      if (field == 7) {
        found = graph(model.message("graph"));
      } else {
        model.skip();
      }
    }
    if (found == null) {
      throw model.fault("graph", "is missing: a model has one");
    }
    return found;
  }

  private static Model graph(Message graph) throws FormatException {
    List<Node> nodes = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int field = graph.next(); field != 0; field = graph.next()) {
      switch (field) {
        case 1 -> nodes.add(node(graph.message("node")));
        case 11 -> inputs.add(portName(graph.message("input")));
        case 12 -> outputs.add(portName(graph.message("output")));
        default -> graph.skip();
      }
    }
    return new Model(List.copyOf(nodes), List.copyOf(inputs), List.copyOf(outputs));
  }

  private static String portName(Message port) throws FormatException {
    String name = "";
    for (int field = port.next(); field != 0; field = port.next()) {
      if (field == 1) {
        name = port.text();
      } else {
        port.skip();
      }
    }
    return name;
  }

  private static Node node(Message node) throws FormatException {
    String operator = "";
    String domain = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (int field = node.next(); field != 0; field = node.next()) {
      switch (field) {
        case 1 -> inputs.add(node.text());
        case 2 -> outputs.add(node.text());
        case 4 -> operator = node.text();
        case 5 -> {
          Attribute attribute = attribute(node.message("attribute"));
          if (attributes.put(attribute.name(), attribute) != null) {
            throw node.fault("attribute", "there are two named '" + attribute.name() + "'");
          }
        }
        case 7 -> domain = node.text();
        default -> node.skip();
      }
    }
    // onnx.proto: "ai.onnx" and the empty string name the same domain
    String canonical = domain.equals("ai.onnx") ? "" : domain;
    return new Node(operator, canonical, List.copyOf(inputs), List.copyOf(outputs), attributes);
  }

  private static Attribute attribute(Message attribute) throws FormatException {
    String name = "";
    float real = 0;
    long integer = 0;
    String text = "";
    boolean graph = false;
    for (int field = attribute.next(); field != 0; field = attribute.next()) {
      switch (field) {
        case 1 -> name = attribute.text();
        case 2 -> real = attribute.real();
        case 3 -> integer = attribute.integer();
        case 4 -> text = new String(attribute.bytes(), StandardCharsets.UTF_8);
        case 6 -> {
          graph = true;
          attribute.skip();
        }
        default -> attribute.skip();
      }
    }
    return new Attribute(name, real, integer, text, graph);
  }
}
