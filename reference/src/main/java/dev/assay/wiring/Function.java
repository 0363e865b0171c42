package dev.assay.wiring;

import java.util.List;

/**
 * A function that wirings can call.
 *
 * @param signature as it is written, for instance {@code linear(x, layer)}; optional arguments in
 *     brackets, any number of them as {@code ...}
 * @param meaning in a sentence, with shapes
 * @param body what it does
 */
public record Function(String signature, String meaning, Body body) {
  /** What a function does with its arguments. */
  interface Body {
    /** The value; arguments are worked out when they are asked for. */
    Value of(Arguments arguments);
  }

  /** What stands before the bracket. */
  public String name() {
    return signature.substring(0, signature.indexOf('('));
  }

  /** The arguments as the signature calls them. */
  private List<String> parameters() {
    String inside = signature.substring(signature.indexOf('(') + 1, signature.length() - 1);
    return List.of(inside.split(",\\s*", -1));
  }

  /** What the signature calls an argument; the last one stands for all behind it. */
  String parameter(int at) {
    return parameters().get(Math.min(at, parameters().size() - 1));
  }

  /** Fewest arguments. */
  int least() {
    return (int)
        parameters().stream().filter(one -> !one.startsWith("[") && !one.equals("...")).count();
  }

  /** Most arguments. */
  int most() {
    return signature.contains("...") ? Integer.MAX_VALUE : parameters().size();
  }
}
