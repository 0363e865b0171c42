package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.linear.LinearRecurrence;
import dev.assay.mechanism.linear.LinearRecurrence.Decay;
import dev.assay.mechanism.linear.LinearRecurrence.Keys;
import dev.assay.mechanism.linear.LinearRecurrence.Run;
import dev.assay.op.Ops;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * LinearAttention of opset 27 as a {@link LinearRecurrence}: {@code (query, key, value, past_state,
 * decay, beta) -> (output, present_state)}, with heads side by side in the channels, [B, n, H d].
 *
 * <p>Its decay holds logarithms, for every channel of a key or one for each head; its beta one
 * number for each head or one for all; without a scale it is 1/sqrt(d). The attribute chunk_size
 * says how a kernel may go about it and changes no number.
 */
final class LinearAttentionOperator implements Operator {
  private static final Set<String> KNOWN =
      Set.of("chunk_size", "kv_num_heads", "q_num_heads", "scale", "update_rule");

  /** One tape holds the state after every token. */
  private static final int MOST_TOKENS = 1 << 12;

  @Override
  public Outputs run(Operands given) throws NotSupportedException {
    Node node = given.node();
    node.knowsOnly(KNOWN);
    Rule rule = rule(node);
    if ((given.find(4) != null && !rule.decays()) || (given.find(5) != null && !rule.steps())) {
      throw new NotSupportedException("it is given a decay or beta that its update_rule ignores");
    }
    List<OnnxTensor> read = new ArrayList<>();
    Map<String, Tensor> tensors = tensors(given, rule, read);
    LinearRecurrence mechanism =
        new LinearRecurrence(rule, Decay.LOG, Keys.AS_GIVEN, node.real("scale", 0));
    Run run = mechanism.run(Inputs.on(new Tape(), mechanism, tensors));
    return new Outputs(
        List.of(Heads.join(run.out()), run.state()),
        Outputs.precision(node, read.toArray(OnnxTensor[]::new)));
  }

  /**
   * The oracle's tensors.
   *
   * @param read gets everything that was read
   */
  private static Map<String, Tensor> tensors(Operands given, Rule rule, List<OnnxTensor> read) {
    long heads = given.node().integer("q_num_heads", 0);
    long keyHeads = given.node().integer("kv_num_heads", 0);
    OnnxTensor query = number(given, 0, "query", read);
    int tokens = query.value().shape().rank() == 3 ? query.value().shape().extent(1) : 0;
    Require.argument(
        tokens <= MOST_TOKENS,
        "query has %s tokens: the oracle keeps a state for each and takes at most %s",
        tokens,
        MOST_TOKENS);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("q", split(query, "query", heads));
    tensors.put("k", split(number(given, 1, "key", read), "key", keyHeads));
    tensors.put("v", split(number(given, 2, "value", read), "value", keyHeads));
    if (given.find(3) != null) {
      tensors.put("past_state", number(given, 3, "past_state", read).value());
    }
    if (rule.decays()) {
      tensors.put("decay", split(number(given, 4, "decay", read), "decay", keyHeads));
    }
    if (rule.steps()) {
      tensors.put("beta", steps(number(given, 5, "beta", read), keyHeads));
    }
    return tensors;
  }

  private static OnnxTensor number(
      Operands given, int position, String name, List<OnnxTensor> read) {
    OnnxTensor found = given.needNumbers(position, name);
    read.add(found);
    return found;
  }

  private static Rule rule(Node node) throws NotSupportedException {
    return switch (node.text("update_rule", "gated_delta")) {
      case "linear" -> Rule.LINEAR;
      case "gated" -> Rule.GATED;
      case "delta" -> Rule.DELTA;
      case "gated_delta" -> Rule.GATED_DELTA;
      default ->
          throw new NotSupportedException(
              "its update_rule is none of linear, gated, delta, gated_delta");
    };
  }

  private static Tensor split(OnnxTensor x, String name, long heads) {
    Shape shape = x.value().shape();
    Require.argument(
        shape.rank() == 3, "%s has shape %s: rank 3 is needed, [B, n, H d]", name, shape);
    return Heads.split(x.value(), name, heads);
  }

  /** beta [B, n, H_kv] or [B, n, 1] as [B, H_kv or 1, n]. */
  private static Tensor steps(OnnxTensor beta, long heads) {
    Shape shape = beta.value().shape();
    Require.argument(
        shape.rank() == 3 && (shape.extent(2) == heads || shape.extent(2) == 1),
        "beta has shape %s: [B, n, %s] or [B, n, 1] is needed",
        shape,
        heads);
    Var leaf = new Tape().leaf("beta", beta.value());
    return Ops.permute(leaf, 0, 2, 1).value();
  }
}
