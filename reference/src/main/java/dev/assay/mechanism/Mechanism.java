package dev.assay.mechanism;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * One published attention mechanism: a record whose components are its configuration, each
 * annotated with {@link Setting}. The file is the whole of it; the catalogue names it in one line,
 * and checks, goldens, parity, drawings and documentation follow from there.
 */
public interface Mechanism {
  /** What {@link Rules} answer for a pair that does not exist. */
  String NOT_ATTENDED = "not attended";

  /** Kebab case of the class name. */
  default String id() {
    return id(getClass());
  }

  /** Kebab case of a class name: HeadGate is head-gate, HTransformer1d is h-transformer-1d. */
  static String id(Class<?> type) {
    String id =
        type.getSimpleName()
            .replaceAll("^([A-Z])(?=[A-Z][a-z])|([a-z0-9])(?=[A-Z])|([a-z])(?=[0-9])", "$1$2$3-")
            .toLowerCase(Locale.ROOT);
    Require.state(!id.isEmpty(), "a mechanism needs a named class");
    return id;
  }

  /** What it is, in words and formulas. */
  Card card();

  /** The tensors that it reads, in a fixed order. */
  List<TensorSpec> tensors();

  /**
   * The meaning: ops alone, slow and obvious, no engine. It is what is gradient-checked and golden.
   *
   * @throws IllegalArgumentException with one sentence, if the inputs do not fit the mechanism
   */
  Answer define(Tape tape, Inputs inputs);

  /** The same meaning as ops around runs of plans on an engine. */
  Answer lower(Tape tape, Inputs inputs, Engine engine);

  /** Whether output row i is meant to depend on tokens up to i alone. */
  default boolean causal() {
    return "true".equals(Settings.of(this).get("causal"));
  }

  /**
   * Why a causal configuration lets later tokens through all the same, where the literature knows
   * it, in a sentence; empty if it does not.
   */
  default String leak() {
    return "";
  }

  /** Named small problems of this mechanism, whatever this instance's own configuration is. */
  List<Case> cases();

  /**
   * What it can tell besides its answer, by name: losses that training adds, scores that it chose
   * by. Each is worked out on the tape of the inputs when it is asked for.
   */
  default Map<String, Function<Inputs, Var>> asides() {
    return Map.of();
  }

  /**
   * The choice of the best by score that it makes for these inputs, laid open; empty where it makes
   * none, makes another kind of choice, or was given it.
   */
  default Optional<RankedChoice> ranked(Inputs inputs) {
    return Optional.empty();
  }

  /**
   * Made-up tensors that show what the mechanism does at any length: queries, keys and values, and
   * whatever else it cannot do without.
   */
  default SequencedMap<String, Tensor> example(Example example) {
    return example.qkv();
  }

  /**
   * Why pairs exist, prepared for one set of inputs.
   *
   * @param inputs as {@link #define} gets them
   */
  Rules rules(Inputs inputs);

  /** The rule of one pair; for many, ask {@link #rules} once. */
  default String rule(Inputs inputs, int b, int h, int i, int j) {
    return rules(inputs).of(b, h, i, j);
  }

  /** Why a query attends to a key. */
  @FunctionalInterface
  interface Rules {
    /**
     * The rule of the mechanism that lets query i of head h attend to key j: its kind, for instance
     * "window", and behind a colon what is particular to the pair, for instance "window: 3 before";
     * {@link #NOT_ATTENDED} if none does. Drawings have a colour for each kind.
     */
    String of(int b, int h, int i, int j);
  }
}
