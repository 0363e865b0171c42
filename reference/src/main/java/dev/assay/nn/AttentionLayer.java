package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Any mechanism of the catalogue between projections: {@code y = W_o join(mechanism(split(W_q x),
 * split(W_k m), split(W_v m), ...))}.
 *
 * <p>What is projected follows from the mechanism's tensors: every differentiated tensor of heads,
 * [B, H, tokens, ...], gets a projection {@code w_name} from the tokens it stands for, queries x or
 * memory m (behind it a sigmoid, if its numbers lie in 0..1); one of token vectors, [B, tokens,
 * width], is the tokens themselves; the mechanism's parameters become parameters of the layer, and
 * so does what it needs that stands for no tokens; the choices that its example gives are drawn
 * once for each length and stay. What it neither needs nor has projected is left out unless given.
 *
 * @param mechanism with its settings
 * @param width channels of a token
 * @param heads H
 * @param kvHeads H_kv, a divisor of H
 */
public record AttentionLayer(Mechanism mechanism, int width, int heads, int kvHeads) {
  /** Checks the sizes. */
  public AttentionLayer {
    Require.positive(heads, "heads");
    Require.positive(kvHeads, "kvHeads");
    Require.argument(
        Require.positive(width, "width") % heads == 0,
        "width is %d: it must be a multiple of the %d heads",
        width,
        heads);
    Require.argument(
        heads % kvHeads == 0, "heads is %d: it must be a multiple of kvHeads, %d", heads, kvHeads);
  }

  /** With as many heads of keys as of queries. */
  public static AttentionLayer of(Mechanism mechanism, int width, int heads) {
    return new AttentionLayer(mechanism, width, heads, heads);
  }

  /** Channels of a head. */
  public int depth() {
    return width / heads;
  }

  /** Whether the mechanism reads a tensor of that name. */
  public boolean reads(String tensor) {
    return mechanism.tensors().stream().anyMatch(spec -> spec.name().equals(tensor));
  }

  /**
   * Attention of a sequence to itself.
   *
   * @param x [B, n, width]
   * @return [B, n, width]
   */
  public Var of(Scope scope, Var x) {
    return of(scope, x, x, Map.of());
  }

  /**
   * Attention of one sequence to another.
   *
   * @param x the queries' tokens, [B, n_q, width]
   * @param memory the keys' tokens, [B, n_k, width]
   * @param given further tensors of the mechanism: lengths, masks, choices
   * @return [B, n_q, width]
   */
  public Var of(Scope scope, Var x, Var memory, Map<String, Tensor> given) {
    MechanismTensors own = new MechanismTensors(this, scope, x.shape().extent(1));
    return attend(own, own.fromTokens(x, memory, given), given);
  }

  /**
   * Attention of new tokens to those in a cache and to themselves; the cache takes them up. It
   * equals the last rows of the whole, for mechanisms whose rows do not depend on later tokens.
   *
   * @param x the new tokens, [B, n_new, width]
   * @throws IllegalArgumentException if the mechanism reads token vectors or cannot have fewer
   *     queries than keys
   */
  public Var decode(Scope scope, Var x, KvCache cache) {
    MechanismTensors own = new MechanismTensors(this, scope, x.shape().extent(1));
    Map<String, Var> values = new LinkedHashMap<>();
    for (TensorSpec spec : mechanism.tensors()) {
      Require.argument(
          !TensorAxes.isTokens(spec),
          "%s reads the tokens %s: it cannot be decoded from a cache of keys and values",
          mechanism.id(),
          spec.name());
      if (own.isProjected(spec)) {
        own.project(spec, x)
            .ifPresent(
                fresh ->
                    values.put(
                        spec.name(),
                        TensorAxes.ofKeys(spec)
                            ? cache.append(scope.name() + "." + spec.name(), fresh)
                            : fresh));
      }
    }
    return attend(own, values, Map.of());
  }

  private Var attend(MechanismTensors own, Map<String, Var> values, Map<String, Tensor> given) {
    int batch = values.values().iterator().next().shape().extent(0);
    values.putAll(own.parameters(values, given));
    Map<String, Tensor> choices = own.choices(batch);
    choices.keySet().removeAll(values.keySet());
    choices.putAll(given);
    Var out = Heads.join(own.scope().attend(mechanism, values, choices).out());
    int in = out.shape().extent(-1);
    Var weight = own.scope().parameter("w_o", Start.balanced(in, width), width, in);
    return new Linear(weight, null).of(out);
  }
}
