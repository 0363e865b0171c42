package dev.assay.bench.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes ONNX models of a single node, in the wire format of onnx.proto: just the fields that a
 * one-node graph needs.
 *
 * @param domain operator domain; empty for the standard operators
 * @param opset version of that domain
 * @param operator operator type
 * @param inputs input tensors in the operator's order; {@link Port#ABSENT} where an optional one is
 *     left out
 * @param outputs output tensors in the operator's order
 * @param attributes of the node
 */
record OnnxModel(
    String domain,
    int opset,
    String operator,
    List<Port> inputs,
    List<Port> outputs,
    List<Attribute> attributes) {

  private static final int IR_VERSION = 10;

  /** Element types of TensorProto.DataType. */
  enum Element {
    FLOAT(1),
    INT32(6),
    BOOL(9);

    private final int code;

    Element(int code) {
      this.code = code;
    }
  }

  /**
   * A tensor that goes in or comes out.
   *
   * @param name its name in the graph; empty for an input that is left out
   * @param element type of its elements
   * @param rank number of axes; all of them are symbolic
   */
  record Port(String name, Element element, int rank) {
    static final Port ABSENT = new Port("", Element.FLOAT, 0);
  }

  /**
   * An attribute.
   *
   * @param name its name
   * @param value a Long or a Float
   */
  record Attribute(String name, Number value) {}

  /** The serialised ModelProto. */
  byte[] bytes() {
    return message(
        model -> {
          model.writeInt64(1, IR_VERSION);
          model.writeByteArray(7, graph());
          model.writeByteArray(8, opset("", 23));
          if (!domain.isEmpty()) {
            model.writeByteArray(8, opset(domain, opset));
          }
        });
  }

  private static byte[] opset(String domain, int version) {
    return message(
        set -> {
          set.writeString(1, domain);
          set.writeInt64(2, version);
        });
  }

  private byte[] graph() {
    return message(
        graph -> {
          graph.writeByteArray(1, node());
          graph.writeString(2, operator);
          for (Port input : inputs) {
            if (!input.name().isEmpty()) {
              graph.writeByteArray(11, valueInfo(input));
            }
          }
          for (Port output : outputs) {
            if (!output.name().isEmpty()) {
              graph.writeByteArray(12, valueInfo(output));
            }
          }
        });
  }

  private byte[] node() {
    return message(
        node -> {
          for (Port input : inputs) {
            node.writeString(1, input.name());
          }
          for (Port output : outputs) {
            node.writeString(2, output.name());
          }
          node.writeString(4, operator);
          for (Attribute attribute : attributes) {
            node.writeByteArray(5, attribute(attribute));
          }
          node.writeString(7, domain);
        });
  }

  private static byte[] attribute(Attribute attribute) {
    return message(
        out -> {
          out.writeString(1, attribute.name());
          if (attribute.value() instanceof Float real) {
            out.writeFloat(2, real);
            out.writeInt32(20, 1);
          } else {
            out.writeInt64(3, attribute.value().longValue());
            out.writeInt32(20, 2);
          }
        });
  }

  private static byte[] valueInfo(Port port) {
    byte[] shape =
        message(
            out -> {
              for (int axis = 0; axis < port.rank(); axis++) {
                String symbol = port.name() + "_" + axis;
                out.writeByteArray(1, message(dim -> dim.writeString(2, symbol)));
              }
            });
    byte[] tensorType =
        message(
            out -> {
              out.writeInt32(1, port.element().code);
              out.writeByteArray(2, shape);
            });
    byte[] type = message(out -> out.writeByteArray(1, tensorType));
    return message(
        out -> {
          out.writeBytes(1, ByteString.copyFromUtf8(port.name()));
          out.writeByteArray(2, type);
        });
  }

  private interface Body {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      body.write(out);
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a byte array cannot fail", impossible);
    }
    return bytes.toByteArray();
  }
}
