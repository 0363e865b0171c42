package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a layer comes by each tensor of its mechanism. Extents that the layer's sizes do not tell are
 * those of the mechanism's example.
 *
 * @param layer sizes and mechanism
 * @param scope where the parameters are
 * @param tokens queries
 */
record MechanismTensors(AttentionLayer layer, Scope scope, int tokens) {
  private static final int RANGED = 64;

  /** The projections of tokens, and the tokens themselves where the mechanism reads them. */
  Map<String, Var> fromTokens(Var x, Var memory, Map<String, Tensor> given) {
    Map<String, Var> values = new LinkedHashMap<>();
    for (TensorSpec spec : layer.mechanism().tensors()) {
      Var source = TensorAxes.ofKeys(spec) ? memory : x;
      if (given.containsKey(spec.name())) {
        continue;
      }
      if (TensorAxes.isTokens(spec)) {
        values.put(spec.name(), source);
      } else if (isProjected(spec)) {
        project(spec, source).ifPresent(value -> values.put(spec.name(), value));
      }
    }
    return values;
  }

  /** Whether a tensor is made from tokens: what is optional and no heads only as in the example. */
  boolean isProjected(TensorSpec spec) {
    return TensorAxes.isHeads(spec)
        && (spec.required() || TensorAxes.of(spec).isPlain() || example().containsKey(spec.name()));
  }

  /** Heads from tokens; empty if the tensor is optional and its extents cannot be told. */
  Optional<Var> project(TensorSpec spec, Var source) {
    Map<String, Integer> symbols = symbols();
    symbols.put("B", source.shape().extent(0));
    for (String axis : new String[] {"n", "n_q", "n_k"}) {
      symbols.put(axis, source.shape().extent(1));
    }
    int[] shape = shape(spec, symbols);
    if (shape.length == 0) {
      return Optional.empty();
    }
    // The example has a batch and a length of its own.
    shape[0] = source.shape().extent(0);
    shape[2] = source.shape().extent(1);
    int out = Arrays.stream(shape).skip(3).reduce(shape[1], (a, b) -> a * b);
    int width = layer.width();
    Var weight = scope.parameter("w_" + spec.name(), Start.balanced(width, out), out, width);
    Var apart = Heads.split(new Linear(weight, null).of(source), shape[1]);
    Var heads = Ops.reshape(apart, Shape.of(shape));
    return Optional.of(inRange(spec, heads));
  }

  /** Factors and steps in 0..1, and logarithms of factors, are told by the example's numbers. */
  private Var inRange(TensorSpec spec, Var x) {
    // Of one length, so that few numbers cannot lie in a range by chance.
    Tensor shown = TensorAxes.of(spec).isPlain() ? null : example(RANGED).get(spec.name());
    if (shown == null || shown.size() == 0) {
      return x;
    }
    double least = Arrays.stream(shown.toDoubles()).min().orElse(0);
    double most = Arrays.stream(shown.toDoubles()).max().orElse(0);
    if (least >= 0 && most <= 1) {
      return Ops.sigmoid(x);
    }
    return most <= 0 ? Ops.log(Ops.sigmoid(x)) : x;
  }

  /** The mechanism's parameters, and what it needs that stands for no tokens. */
  Map<String, Var> parameters(Map<String, Var> known, Map<String, Tensor> given) {
    Map<String, Var> found = new LinkedHashMap<>();
    for (TensorSpec spec : layer.mechanism().tensors()) {
      boolean learned =
          spec.kind() == Kind.PARAMETER || (spec.kind() == Kind.INPUT && spec.required());
      if (!learned || known.containsKey(spec.name()) || given.containsKey(spec.name())) {
        continue;
      }
      if (!spec.required() && example().get(spec.name()) == null) {
        continue;
      }
      int[] shape = shape(spec, symbols());
      found.put(spec.name(), scope.parameter(ownName(spec), start(spec, shape), shape));
    }
    return found;
  }

  /** A parameter that is called as a projection of the layer gets a name of its own. */
  private String ownName(TensorSpec spec) {
    boolean taken =
        spec.name().equals("w_o")
            || layer.mechanism().tensors().stream()
                .anyMatch(
                    other -> TensorAxes.isHeads(other) && spec.name().equals("w_" + other.name()));
    return taken ? "mechanism." + spec.name() : spec.name();
  }

  private Map<String, Integer> symbols() {
    Map<String, Integer> symbols = new HashMap<>();
    symbols.put("H", layer.heads());
    symbols.put("H_kv", layer.kvHeads());
    symbols.put("d", layer.depth());
    symbols.put("d_v", layer.depth());
    for (TensorSpec spec : layer.mechanism().tensors()) {
      if (TensorAxes.isTokens(spec)) {
        symbols.put(TensorAxes.of(spec).axes().getLast(), layer.width());
      }
    }
    return symbols;
  }

  /** The shape by its written axes, else the example's; empty if an optional one has neither. */
  private int[] shape(TensorSpec spec, Map<String, Integer> symbols) {
    Optional<int[]> written = TensorAxes.of(spec).extents(symbols);
    if (written.isPresent()) {
      return written.get();
    }
    Tensor shown = example().get(spec.name());
    Require.argument(
        shown != null || !spec.required(),
        "the shape %s of %s of %s cannot be told, and the mechanism's example has none",
        spec.shape(),
        spec.name(),
        layer.mechanism().id());
    return shown == null ? new int[0] : Objects.requireNonNull(shown).shape().toArray();
  }

  /**
   * What the example has the same number in all places of begins as that number. Else offsets begin
   * as 0, gains as 1, all else bell-shaped with deviation 1/sqrt(last extent), which keeps the size
   * of what is multiplied with it.
   */
  private Start start(TensorSpec spec, int... shape) {
    Tensor shown = example().get(spec.name());
    if (shown != null && spec.kind() == Kind.PARAMETER && shown.size() > 0) {
      double first = shown.get(0);
      if (Arrays.stream(shown.toDoubles()).allMatch(number -> number == first)) {
        return Start.constant(first);
      }
    }
    return byMeaning(spec, shape);
  }

  private static Start byMeaning(TensorSpec spec, int... shape) {
    String meaning = spec.meaning().toLowerCase(Locale.ROOT);
    if (spec.name().startsWith("b_")
        || spec.name().contains("bias")
        || meaning.startsWith("added")
        || meaning.startsWith("shift")) {
      return Start.zeros();
    }
    if (meaning.startsWith("gain") || spec.name().contains("gamma")) {
      return Start.ones();
    }
    int last = shape.length == 0 ? 1 : Math.max(1, shape[shape.length - 1]);
    return Start.bell(1 / Math.sqrt(last));
  }

  /** The choices that the mechanism's example of this length gives, for so many batch entries. */
  Map<String, Tensor> choices(int batch) {
    Map<String, Tensor> drawn = scope.buffers("n=" + tokens, this::exampleChoices);
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (TensorSpec spec : layer.mechanism().tensors()) {
      Tensor choice = drawn.get(spec.name());
      if (choice != null) {
        boolean perEntry = TensorAxes.of(spec).axes().getFirst().equals("B");
        found.put(spec.name(), perEntry ? repeat(choice, batch) : choice);
      }
    }
    return found;
  }

  private Map<String, Tensor> exampleChoices() {
    Map<String, Tensor> choices = new LinkedHashMap<>();
    for (TensorSpec spec : layer.mechanism().tensors()) {
      @Nullable Tensor choice = example().get(spec.name());
      if (spec.kind() == Kind.CHOICE && choice != null) {
        choices.put(spec.name(), choice);
      }
    }
    return choices;
  }

  private Map<String, Tensor> example() {
    return example(Math.max(1, tokens));
  }

  private Map<String, Tensor> example(int n) {
    return scope.remembered(
        "n=" + n,
        () -> {
          Example example = new Example(layer.heads(), n, layer.depth(), scope.seed());
          return layer.mechanism().example(example);
        });
  }

  /** A tensor of one batch entry for each of many. */
  private static Tensor repeat(Tensor one, int batch) {
    if (one.shape().extent(0) != 1 || batch == 1) {
      return one;
    }
    return Tensor.generate(one.shape().with(0, batch), p -> one.get(p % one.size()));
  }
}
