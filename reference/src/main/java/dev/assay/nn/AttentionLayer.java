package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.nn.TensorAxes.Projection;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Any mechanism of the catalogue between projections: {@code y = W_o join(mechanism(split(W_q x),
 * split(W_k m), split(W_v m), ...))}.
 *
 * <p>What is projected follows from the mechanism's tensors: every differentiated tensor of heads,
 * [B, H, tokens, ...], gets a projection {@code w_name} from the tokens it stands for, queries x or
 * memory m; one of token vectors, [B, tokens, width], is the tokens themselves; the mechanism's
 * parameters become parameters of the layer; the choices that its example gives are drawn once for
 * each length and stay. What a mechanism neither needs nor has projected is left out unless given.
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
    Map<String, Var> values = new LinkedHashMap<>();
    for (TensorSpec spec : mechanism.tensors()) {
      Optional<Projection> projection = TensorAxes.projection(spec, depth());
      if (given.containsKey(spec.name())) {
        continue;
      }
      if (projection.isPresent()) {
        Var tokens = projection.get().ofKeys() ? memory : x;
        values.put(spec.name(), project(scope, spec, projection.get(), tokens));
      } else if (TensorAxes.isTokens(spec)) {
        values.put(spec.name(), TensorAxes.of(spec).axes().get(1).equals("n_k") ? memory : x);
      }
    }
    return attend(scope, values, given);
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
    Map<String, Var> values = new LinkedHashMap<>();
    for (TensorSpec spec : mechanism.tensors()) {
      Require.argument(
          !TensorAxes.isTokens(spec),
          "%s reads the tokens %s: it cannot be decoded from a cache of keys and values",
          mechanism.id(),
          spec.name());
      Optional<Projection> projection = TensorAxes.projection(spec, depth());
      if (projection.isPresent()) {
        Var fresh = project(scope, spec, projection.get(), x);
        values.put(
            spec.name(),
            projection.get().ofKeys()
                ? cache.append(scope.name() + "." + spec.name(), fresh)
                : fresh);
      }
    }
    return attend(scope, values, Map.of());
  }

  private Var project(Scope scope, TensorSpec spec, Projection projection, Var tokens) {
    int count = projection.keyHeads() ? kvHeads : heads;
    int out = count * projection.width();
    Var weight =
        scope.parameter("w_" + spec.name(), Start.balanced(width, out), out, width);
    Var apart = Heads.split(new Linear(weight, null).of(tokens), count);
    int[] extents = new int[3 + projection.channels().size()];
    System.arraycopy(apart.shape().toArray(), 0, extents, 0, 3);
    for (int axis = 3; axis < extents.length; axis++) {
      extents[axis] = projection.channels().get(axis - 3);
    }
    return Ops.reshape(apart, Shape.of(extents));
  }

  private Var attend(Scope scope, Map<String, Var> values, Map<String, Tensor> given) {
    Var q = values.containsKey("q") ? values.get("q") : values.values().iterator().next();
    int batch = q.shape().extent(0);
    MechanismTensors own = new MechanismTensors(this, scope, q.shape().extent(2));
    values.putAll(own.parameters());
    Map<String, Tensor> choices = own.choices(batch);
    choices.keySet().removeAll(values.keySet());
    choices.putAll(given);
    Var out = Heads.join(scope.attend(mechanism, values, choices).out());
    Var weight =
        scope.parameter(
            "w_o", Start.balanced(out.shape().extent(-1), width), width, out.shape().extent(-1));
    return new Linear(weight, null).of(out);
  }

  /** The parameters and choices of the mechanism itself. */
  private record MechanismTensors(AttentionLayer layer, Scope scope, int tokens) {
    Map<String, Var> parameters() {
      Map<String, Var> found = new LinkedHashMap<>();
      for (TensorSpec spec : layer.mechanism.tensors()) {
        if (spec.kind() == Kind.PARAMETER) {
          ParameterShape.of(layer, spec, scope, tokens)
              .ifPresent(
                  shape ->
                      found.put(
                          spec.name(),
                          scope.parameter(
                              spec.name(),
                              ParameterShape.start(spec.name(), shape),
                              shape.toArray())));
        }
      }
      return found;
    }

    Map<String, Tensor> choices(int batch) {
      Map<String, Tensor> drawn =
          scope.buffers("n=" + tokens, () -> ParameterShape.exampleChoices(layer, scope, tokens));
      Map<String, Tensor> found = new LinkedHashMap<>();
      for (TensorSpec spec : layer.mechanism.tensors()) {
        Tensor choice = drawn.get(spec.name());
        if (choice != null) {
          boolean perEntry = TensorAxes.of(spec).axes().getFirst().equals("B");
          found.put(spec.name(), perEntry ? ParameterShape.repeat(choice, batch) : choice);
        }
      }
      return found;
    }
  }
}
